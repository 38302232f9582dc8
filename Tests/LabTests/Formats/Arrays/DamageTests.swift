import Lab
import LabFormats
import Testing

/// Damaged files end in an error or in tensors of consistent shape, never in a crash.
@Suite struct DamageTests {
  @Test(
    arguments: ["c_f4", "fortran_big_f8", "version_2", "little_i2", "scalar"],
    0..<100 as Range<UInt64>)
  func `a damaged array is an error or consistent`(name: String, seed: UInt64) throws {
    var random = CounterRandom(seed: seed)
    let bytes = Self.damaged(try Fixture.bytes("\(name).npy"), using: &random)
    do throws(LabError) {
      let array = try NPYFile(bytes, place: "f").array
      #expect(array.shape.reduce(1, *) == array.values.count)
    } catch {
      #expect(error.kind == .data && !error.next.isEmpty)
    }
  }

  @Test(
    arguments: [
      "weights.npz", "weights_compressed.npz", "weights_streamed.npz", "weights.safetensors",
    ], 0..<400 as Range<UInt64>)
  func `a damaged weight file is an error or consistent`(name: String, seed: UInt64) throws {
    var random = CounterRandom(seed: seed)
    let bytes = Self.damaged(try Fixture.bytes(name), using: &random)
    do throws(LabError) {
      for tensor in try TensorFile.tensors(bytes, place: "f") {
        #expect(FloatArray.count(of: tensor.shape) == tensor.values.count)
      }
    } catch {
      #expect(error.kind == .data && !error.next.isEmpty)
    }
  }

  @Test(arguments: ["weights.npz", "weights_compressed.npz", "weights.safetensors"])
  func `every truncation is noticed`(name: String) throws {
    let bytes = try Fixture.bytes(name)
    for count in bytes.indices {
      #expect(throws: LabError.self) {
        try TensorFile.tensors(Array(bytes[..<count]), place: "f")
      }
    }
  }

  /// Any changed bit of packed data is noticed by its checksum.
  @Test func `checksums are checked`() throws {
    let bytes = try Fixture.bytes("weights.npz")
    let first = try #require(bytes.indices.first { bytes[$0...].starts(with: "NUMPY".utf8) })
    for offset in stride(from: first + 130, to: first + 300, by: 7) {
      var changed = bytes
      changed[offset] ^= 0x10
      let error = #expect(throws: LabError.self) { try TensorFile.tensors(changed, place: "f") }
      #expect(
        error?.description
          == "error: a damaged zip file: the checksum of `lstm/kernel.npy` does not match its bytes"
          + " (f)\n  save it again, such as with `np.savez(path, **arrays)`")
    }
  }

  /// Cuts the file, flips bits, overwrites bytes with extreme values, or copies a part elsewhere.
  static func damaged(_ bytes: [UInt8], using random: inout CounterRandom) -> [UInt8] {
    var bytes = bytes
    for _ in 0...Int.random(in: 0..<3, using: &random) where bytes.count > 8 {
      let index = Int.random(in: bytes.indices, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes.removeSubrange(index...)
      case 1: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: bytes[index] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
      case 3:
        for next in index..<min(index + 8, bytes.count) { bytes[next] = 0xFF }
      default:
        let part = bytes[index..<min(index + 16, bytes.count)]
        let target = Int.random(in: 0...bytes.count - part.count, using: &random)
        bytes.replaceSubrange(target..<target + part.count, with: part)
      }
    }
    return bytes
  }
}

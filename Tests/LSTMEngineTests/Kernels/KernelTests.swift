import LSTMEngine
import Testing

/// The instruction-set levels give the same bits, and the functions are as accurate as stated.
@Suite struct KernelTests {
  @Test func `several levels are tested`() {
    #expect(Kernels.available.first == "portable")
    #expect(Kernels.best.name == Kernels.available.last)
    #expect(Kernels(level: "v9") == nil)
  }

  /// The fused multiply-add of every level, against the exact one of the standard library, over random
  /// bit patterns and sums that cancel or round to odd.
  @Test(arguments: Kernels.available)
  func `fused multiply add rounds once`(level: String) throws {
    let kernels = try #require(Kernels(level: level))
    let stream = RandomStream(seed: 3, purpose: .shuffle, number: 1)
    var a: [Float] = [], b: [Float] = [], c: [Float] = []
    for index in 0..<200_000 {
      let bits = stream.bits(2 * index), more = stream.bits(2 * index + 1)
      let x = Float(bitPattern: UInt32(truncatingIfNeeded: bits))
      let y = Float(bitPattern: UInt32(truncatingIfNeeded: bits >> 32))
      guard x.isFinite, y.isFinite else { continue }
      let cancelling = -(x * y) * (1 + Float(Int(more % 5) - 2) * 0x1p-23)
      let free = Float(bitPattern: UInt32(truncatingIfNeeded: more >> 8))
      let z = more % 3 == 0 ? free : cancelling
      guard z.isFinite else { continue }
      a.append(x)
      b.append(y)
      c.append(z)
    }
    #expect(a.count > 100_000)
    let results = kernels.fusedMultiplyAdd(a, b, c)
    #expect(results.count == a.count)
    var wrong = 0
    for index in a.indices
    where results[index].bitPattern != c[index].addingProduct(a[index], b[index]).bitPattern {
      wrong += 1
    }
    #expect(wrong == 0)
  }

  @Test(arguments: Kernels.available, Kernels.Function.allCases)
  func `every level gives the same bits`(level: String, function: Kernels.Function) throws {
    let kernels = try #require(Kernels(level: level)), best = Kernels.best
    let inputs = (0..<50_000).map { index in
      Float(bitPattern: UInt32(truncatingIfNeeded: index &* 85_899 &+ 17))
    }
    let expected = best.map(function, inputs), results = kernels.map(function, inputs)
    #expect(results.count == expected.count)
    #expect(
      zip(results, expected).allSatisfy { $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN) }
    )
  }
}

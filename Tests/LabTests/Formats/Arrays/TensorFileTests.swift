import Lab
import LabFormats
import Testing

/// Weight files of other programs, our own files, and files that lie.
@Suite struct TensorFileTests {
  @Test(arguments: [
    "weights.npz", "weights_compressed.npz", "weights_streamed.npz", "weights.safetensors",
  ]) func `files of Python are read`(name: String) throws {
    let tensors = try TensorFile.read(Fixture.path(name)).sorted { $0.name < $1.name }
    let quarters = { (count: Int) in (0..<count).map { Float($0) / 4 } }
    #expect(
      tensors == [
        NamedTensor(name: "dense/bias", shape: [2], values: [0, 0]),
        NamedTensor(name: "dense/kernel", shape: [4, 2], values: quarters(8)),
        NamedTensor(name: "lstm/bias", shape: [16], values: quarters(16)),
        NamedTensor(name: "lstm/kernel", shape: [3, 16], values: quarters(48)),
        NamedTensor(name: "lstm/recurrent_kernel", shape: [4, 16], values: quarters(64)),
      ])
  }

  @Test(arguments: 0..<50 as Range<UInt64>) func `reading inverts writing`(seed: UInt64) throws {
    var random = CounterRandom(seed: seed)
    let tensors = Self.randomTensors(using: &random)
    let bytes = SafetensorsFile.bytes(of: tensors, metadata: [("made by", "a \"test\"\n")])
    #expect(try TensorFile.tensors(bytes, place: "f") == tensors)
    #expect(SafetensorsFile.bytes(of: tensors, metadata: [("made by", "a \"test\"\n")]) == bytes)
    let header = bytes[..<8].enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    #expect(header % 8 == 0)
  }

  static func randomTensors(using random: inout CounterRandom) -> [NamedTensor] {
    (0..<Int.random(in: 0..<5, using: &random)).map { index in
      let shape = (0..<Int.random(in: 0..<4, using: &random)).map { _ in
        Int.random(in: 0..<4, using: &random)
      }
      return NamedTensor(
        name: "layer_\(index)/kernel é", shape: shape,
        values: (0..<shape.reduce(1, *)).map { _ in random.finiteFloat() })
    }
  }

  // MARK: Other files

  static let named = "save the weights as safetensors, or with `np.savez(path, **arrays)`"

  @Test(arguments: [
    (
      "c_f4.npy", "a single array without a name",
      "save named arrays with `np.savez(path, **arrays)`"
    ),
    (
      "make.py", "neither a .safetensors nor an .npz file", named
    ),
  ]) func `what is no tensor file is refused`(name: String, what: String, next: String) {
    let path = Fixture.path(name)
    let error = #expect(throws: LabError.self) { try TensorFile.read(path) }
    #expect(error?.description == "error: \(what) (\(path))\n  \(next)")
  }

  @Test(
    arguments: [
      (
        [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A], "an HDF5 file, which cannot be read",
        "save the weights as safetensors, or with `np.savez(path, *model.get_weights())`"
      ),
      (
        [0x80, 0x04, 0x95], "a pickle; it holds code, which is never run",
        "save the weights with `safetensors.torch.save_file(model.state_dict(), path)`"
      ),
    ] as [([UInt8], String, String)])
  func `formats of other programs are named`(
    bytes: [UInt8], what: String, next: String
  ) {
    let error = #expect(throws: LabError.self) { try TensorFile.tensors(bytes, place: "f") }
    #expect(error?.description == "error: \(what) (f)\n  \(next)")
  }

  @Test func `other floats become float32`() throws {
    let wide = try TensorFile.read(Fixture.path("weights_f8.npz"))
    #expect(wide[0].values == [Float](repeating: 0, count: 16))
    #expect(wide[0].conversion == NamedTensor.Conversion(type: "float64", rounded: 0))
    let half = try TensorFile.read(Fixture.path("half.safetensors"))
    #expect(half[0].conversion == NamedTensor.Conversion(type: "float16", rounded: 0))
    // 0.1 is no float32, 0.5 and infinity are.
    let numbers = [0.1, 0.5, Double.infinity, 1e300]
    let header = #"{"a":{"dtype":"F64","shape":[4],"data_offsets":[0,32]}}"#
    let bytes =
      Self.safetensors(header).dropLast(8)
      + numbers.flatMap { value in
        (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt64($0))) }
      }
    let tensor = try TensorFile.tensors(Array(bytes), place: "f")[0]
    #expect(tensor.values == [0.1, 0.5, .infinity, .infinity])
    #expect(tensor.conversion == NamedTensor.Conversion(type: "float64", rounded: 2))
    let npz = ZipBuilder(entries: [.init(npy: NPYBytes.file(shape: [4], values: numbers), "a")])
    #expect(try TensorFile.tensors(npz.bytes(), place: "f") == [tensor])
  }

  /// Every float16 and bfloat16 there is, by the definition of the formats.
  @Test(arguments: [("F16", 5), ("BF16", 8)])
  func `halves are exact`(type: String, exponentBits: Int) throws {
    let count = 1 << 16
    let header = Array(
      #"{"a":{"dtype":"\#(type)","shape":[65536],"data_offsets":[0,131072]}}"#.utf8)
    let bytes =
      [UInt8(header.count), 0, 0, 0, 0, 0, 0, 0] + header
      + (0..<count).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let values = try TensorFile.tensors(bytes, place: "f")[0].values
    try #require(values.count == count)
    let fractionBits = 15 - exponentBits
    let top = (1 << exponentBits) - 1
    let bias = top >> 1
    for word in 0..<count {
      let exponent = word >> fractionBits & top
      let fraction = Double(word & ((1 << fractionBits) - 1)) / Double(1 << fractionBits)
      let scale = { (power: Int) in Double(sign: .plus, exponent: power, significand: 1) }
      let size =
        exponent == top
        ? (fraction == 0 ? Double.infinity : .nan)
        : exponent == 0 ? fraction * scale(1 - bias) : (1 + fraction) * scale(exponent - bias)
      let expected = Float(word >> 15 == 1 ? -size : size)
      if size.isNaN {
        #expect(values[word].isNaN)
      } else if values[word].bitPattern != expected.bitPattern {
        Issue.record("\(type) \(word) is \(values[word]), not \(expected)")
      }
    }
    // The same numbers of NumPy.
    if type == "F16" {
      let file =
        NPYBytes.header("{'descr': '<f2', 'fortran_order': False, 'shape': (65536,), }")
        + bytes.suffix(2 * count)
      let array = try NPYFile(file, place: "f").array.values
      #expect(array.map(\.bitPattern) == values.map(\.bitPattern))
    }
  }

  // MARK: safetensors headers that lie

  static let lies =
    ([
      (
        #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#,
        "tensor `a` of shape [3] needs 12 bytes, but has 8"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#,
        "tensor `a` has the offsets [0, 16]; 8 bytes follow the header"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#,
        "tensor `a` has the offsets [8, 0]; 8 bytes follow the header"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}"#,
        "tensor `a` of shape [4611686018427387904, 4] needs more bytes than can be counted, "
          + "but has 8"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#,
        "tensor `a` needs dtype, shape and data_offsets in whole numbers"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[2]}}"#,
        "tensor `a` needs dtype, shape and data_offsets in whole numbers"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1}}"#,
        "tensor `a` needs dtype, shape and data_offsets in whole numbers"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
          + #""b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
        "tensor `b` overlaps another"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
        "tensor `a` leaves a gap before it"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
        "its tensors take 4 bytes, but 8 follow the header"
      ),
      (#"{"__metadata__":{"a":1}}"#, "its __metadata__ is not an object of strings"),
    ] as [(header: String, what: String)]).map { header, what in
      Case(
        header,
        "a damaged safetensors file: \(what) (f)\n"
          + "  save it again, such as with `safetensors.numpy.save_file`")
    }

  @Test(arguments: lies) func `a safetensors file that lies is refused`(lie: Case<String>) {
    lie.expectRefusal { try TensorFile.tensors(Self.safetensors($0), place: "f") }
  }

  static func safetensors(_ header: String) -> [UInt8] {
    [UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8)
      + [UInt8](repeating: 0, count: 8)
  }

  @Test func `a huge header is refused`() {
    let bytes: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0x7F] + Array("{}".utf8)
    let error = #expect(throws: LabError.self) { try TensorFile.tensors(bytes, place: "f") }
    #expect(
      error?.what
        == "a damaged safetensors file: its header would have 9151314442816847872 bytes, "
        + "more than 100000000")
  }

  /// Our file of the same tensors in the same order is Python's, byte for byte.
  @Test func `the file is, byte for byte, Python's`() throws {
    let bytes = try Fixture.bytes("weights.safetensors")
    let tensors = try TensorFile.tensors(bytes, place: "f")
    #expect(SafetensorsFile.bytes(of: tensors, metadata: [("format", "np")]) == bytes)
  }

  @Test func `duplicate names are refused`() {
    let bytes = Self.safetensors(#"{"a":1,"a":2}"#)
    let error = #expect(throws: LabError.self) { try TensorFile.tensors(bytes, place: "f") }
    #expect(error?.what == "duplicate key `a`")
    #expect(error?.where == "f, header:1:8")
  }

  @Test func `tensors may stand in any order`() throws {
    let bytes = Self.safetensors(
      #"{"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"#
        + #""a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}  "#)
    #expect(try TensorFile.tensors(bytes, place: "f").map(\.name) == ["b", "a"])
  }
}

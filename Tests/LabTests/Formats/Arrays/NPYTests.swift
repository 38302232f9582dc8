import Lab
import LabFormats
import Testing

/// Arrays that NumPy itself wrote, and files that lie.
@Suite struct NPYTests {
  static let halves = (0..<24).map { Float($0) / 2 }

  @Test(arguments: [
    "c_f4", "fortran_f4", "big_f4", "c_f8", "fortran_big_f8", "version_1", "version_2", "version_3",
  ]) func `floats are read in either order`(name: String) throws {
    let array = try NPYFile(contentsOf: Fixture.path("\(name).npy")).array
    #expect(array.shape == [2, 3, 4])
    #expect(array.values == Self.halves)
  }

  @Test(arguments: [
    ("i1", 5), ("u1", 0), ("little_i2", 5), ("big_i2", 5), ("little_u2", 0), ("little_i4", 5),
    ("big_u4", 0), ("little_i8", 5), ("big_i8", 5), ("little_u8", 0),
  ]) func `integers are read`(name: String, shift: Int) throws {
    let array = try NPYFile(contentsOf: Fixture.path("\(name).npy")).array
    #expect(array.shape == [2, 3, 4])
    #expect(array.values == (0..<24).map { Float($0 - shift) })
  }

  @Test func `booleans, scalars and empty arrays are read`() throws {
    let half = try NPYFile(contentsOf: Fixture.path("half.npy")).array
    #expect(half.values == (0..<24).map(Float.init))
    let bools = try NPYFile(contentsOf: Fixture.path("bool.npy")).array
    #expect(bools.values == (0..<24).map { $0 % 3 == 0 ? 1 : 0 })
    let scalar = try NPYFile(contentsOf: Fixture.path("scalar.npy")).array
    #expect(scalar == FloatArray(shape: [], values: [2.5]))
    let empty = try NPYFile(contentsOf: Fixture.path("empty.npy")).array
    #expect(empty == FloatArray(shape: [0, 3, 4], values: []))
  }

  @Test(arguments: [
    (
      "complex.npy", "an array of complex numbers (`<c8`)",
      "make two features of each: `np.concatenate([x.real, x.imag], axis=-1)`"
    ),
    (
      "text.npy", "an array of texts (`<U1`)",
      "number the classes of all samples together: `np.unique(y, return_inverse=True)[1]`; "
        + "numbers that are written as text become some with `y.astype(\"float32\")`"
    ),
    (
      "records.npy", "an array of records",
      "save one plain array of numbers, such as `array[\"a\"]`, or all columns: "
        + "`numpy.lib.recfunctions.structured_to_unstructured(array)`"
    ),
    (
      "weights.npz", "not a .npy file: it does not begin with \\x93NUMPY",
      "save the array with `np.save(path, array)`"
    ),
  ]) func `what is no array of numbers is refused`(name: String, what: String, next: String) {
    let path = Fixture.path(name)
    let error = #expect(throws: LabError.self) { try NPYFile(contentsOf: path) }
    #expect(error?.description == "error: \(what) (\(path))\n  \(next)")
  }

  // MARK: Headers that lie

  static let again = "save the array again with np.save"

  static let lies =
    ([
      (
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }",
        "the header says shape [3] of float32, 12 bytes, but 8 follow",
        "the file is cut off or damaged: \(again)"
      ),
      (
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }",
        "the header says shape [1] of float32, 4 bytes, but 8 follow",
        "the file is cut off or damaged: \(again)"
      ),
      (
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }",
        "the header says shape [4611686018427387904, 4] of float32, "
          + "more bytes than can be counted, but 8 follow",
        "the file is cut off or damaged: \(again)"
      ),
      (
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }",
        "the .npy header has a length in its shape that is not a number from 0 to 9223372036854775807",
        again
      ),
      (
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }",
        "the .npy header has a length in its shape that is not a number from 0 to 9223372036854775807",
        again
      ),
      (
        "{'descr': '<f4', 'fortran_order': False}",
        "the .npy header lacks one of 'descr', 'fortran_order', 'shape'", again
      ),
      (
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}",
        "the .npy header has the key `descr`", again
      ),
      (
        "{'descr': '<f4', 'fortran_order': 1, 'shape': (2,)}",
        "the .npy header has a `fortran_order` that is neither True nor False", again
      ),
      (
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} x",
        "the .npy header goes on after its dictionary", again
      ),
      ("{'descr': '<f4", "the .npy header has a string without end", again),
      ("", "the .npy header lacks `{` at byte 0", again),
      (
        "{'descr': '<f4', 'fortran_order': False, 'shape': (\(String(repeating: "1,", count: 40)))}",
        "the .npy header has more than 32 axes", again
      ),
    ] as [(header: String, what: String, next: String)]).map { header, what, next in
      Case(header, "\(what) (f)\n  \(next)")
    }

  @Test(arguments: lies) func `a header that lies is refused`(lie: Case<String>) {
    lie.expectRefusal { header in
      try NPYFile(Self.file(header) + [UInt8](repeating: 0, count: 8), place: "f")
    }
  }

  static func file(_ header: String) -> [UInt8] {
    let length = UInt16(header.utf8.count)
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)]
      + Array(header.utf8)
  }

  /// Two lengths whose product overflows, with none at all: still an array without values.
  @Test func `an empty array may have huge axes`() throws {
    let shape = [1 << 62, 1 << 62, 0]
    for order in ["True", "False"] {
      let lengths = shape.map(\.description).joined(separator: ", ")
      let header = "{'descr': '<f4', 'fortran_order': \(order), 'shape': (\(lengths))}"
      let array = try NPYFile(Self.file(header), place: "f").array
      #expect(array == FloatArray(shape: shape, values: []))
    }
  }

  @Test func `a huge header is not read`() {
    let bytes = [0x93] + Array("NUMPY".utf8) + [2, 0, 255, 255, 255, 255, 1, 2]
    let error = #expect(throws: LabError.self) { try NPYFile(bytes, place: "f") }
    #expect(error?.what == "the .npy header claims 4294967295 bytes; 2 follow")
  }
}

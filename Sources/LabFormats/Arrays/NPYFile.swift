/// NumPy's array format, versions 1.0 to 3.0
/// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
package struct NPYFile {
  /// The values, converted to float32 and to row-major order.
  package var array: FloatArray
  /// The type that the file stores.
  let type: NPYType

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  private static let maximumHeader = 1 << 20

  /// Reads the file at `path`.
  package init(contentsOf path: String, keepsDoubles: Bool = false) throws(LabError) {
    try self.init(
      try FileBytes.read(path, what: ".npy"), place: path, keepsDoubles: keepsDoubles)
  }

  /// Parses `bytes`, which messages place at `place`.
  ///
  /// - Parameter keepsDoubles: Whether numbers that are no float32 are wanted as they are, too.
  /// - Throws: `LabError` of kind `data`, naming what the header says and what the file holds.
  package init(_ bytes: [UInt8], place: String, keepsDoubles: Bool = false) throws(LabError) {
    let range = try Self.headerRange(bytes, place: place)
    var parser = NPYHeaderParser(Array(bytes[range]), place: place)
    let header = try parser.parse()
    guard let type = NPYType(header.type) else {
      let (what, next) = NPYType.refusal(header.type)
      throw LabError(.data, what, where: place, next: next)
    }
    let stored = bytes.count - range.upperBound
    let needed = FloatArray.count(of: header.shape + [type.size])
    guard let needed, needed == stored else {
      let amount = needed.map { "\($0) bytes" } ?? "more bytes than can be counted"
      throw LabError(
        .data,
        "the header says shape \(header.shape) of \(type.name), \(amount), but \(stored) follow",
        where: place, next: "the file is cut off or damaged: save the array again with np.save")
    }
    self.type = type
    let isFortran = header.isFortranOrder
    func ordered<Number>(_ values: [Number]) -> [Number] {
      isFortran ? Self.rowMajor(values, shape: header.shape) : values
    }
    guard !type.isWithinFloat32 else {
      let values = type.floats(bytes, from: range.upperBound)
      array = FloatArray(shape: header.shape, values: ordered(values))
      return
    }
    var numbers = Numbers(keepsDoubles: keepsDoubles)
    type.read(bytes, from: range.upperBound, into: &numbers)
    array = FloatArray(shape: header.shape, values: ordered(numbers.floats))
    array.doubles = numbers.doubles.map(ordered)
  }

  /// Finds the header's text behind magic, version and length.
  private static func headerRange(
    _ bytes: [UInt8], place: String
  ) throws(LabError) -> Range<Int> {
    guard bytes.starts(with: magic) else {
      throw LabError(
        .data, "not a .npy file: it does not begin with \\x93NUMPY", where: place,
        next: "save the array with `np.save(path, array)`")
    }
    let damaged = "save the array again with np.save"
    guard bytes.count >= 10 else {
      throw LabError(.data, "the .npy header is cut off", where: place, next: damaged)
    }
    let (major, minor) = (bytes[6], bytes[7])
    guard (1...3).contains(major), minor == 0 else {
      throw LabError(
        .data, "a .npy file of version \(major).\(minor)", where: place,
        next: "versions 1.0, 2.0 and 3.0 can be read: \(damaged)")
    }
    let start = major == 1 ? 10 : 12
    guard bytes.count >= start else {
      throw LabError(.data, "the .npy header is cut off", where: place, next: damaged)
    }
    let length = Int(bytes.littleEndian(at: 8, size: start - 8))
    guard length <= maximumHeader, length <= bytes.count - start else {
      throw LabError(
        .data, "the .npy header claims \(length) bytes; \(bytes.count - start) follow",
        where: place, next: "the file is cut off or damaged: \(damaged)")
    }
    return start..<start + length
  }

  /// Returns column-major `values` in row-major order.
  private static func rowMajor<Number>(_ values: [Number], shape: [Int]) -> [Number] {
    guard shape.count > 1, !values.isEmpty else { return values }
    var strides = [1]
    for length in shape.dropLast() { strides.append(strides[strides.count - 1] * length) }
    var index = [Int](repeating: 0, count: shape.count)
    var offset = 0
    return values.indices.map { _ in
      let value = values[offset]
      var axis = shape.count - 1
      while axis >= 0 {
        index[axis] += 1
        offset += strides[axis]
        if index[axis] < shape[axis] { break }
        offset -= strides[axis] * shape[axis]
        index[axis] = 0
        axis -= 1
      }
      return value
    }
  }
}

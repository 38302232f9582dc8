/// `.npy` files made by hand, as they should be and as they should not.
enum NPYBytes {
  /// A file of little-endian float64 values in C order.
  static func file(shape: [Int], values: [Double]) -> [UInt8] {
    let sides = shape.map { "\($0)" }.joined(separator: ", ") + (shape.count == 1 ? "," : "")
    return header("{'descr': '<f8', 'fortran_order': False, 'shape': (\(sides)), }")
      + values.flatMap { value in
        (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt64($0))) }
      }
  }

  /// Magic number, version 1.0, length and text, padded to 64 bytes as numpy does.
  static func header(_ dictionary: String) -> [UInt8] {
    var text = Array(dictionary.utf8)
    while (10 + text.count + 1) % 64 != 0 { text.append(UInt8(ascii: " ")) }
    text.append(UInt8(ascii: "\n"))
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.count % 256), UInt8(text.count / 256)]
      + text
  }
}

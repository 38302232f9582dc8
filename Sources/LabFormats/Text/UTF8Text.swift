/// The rules of UTF-8, by which readers refuse what is none instead of guessing.
package enum UTF8Text {
  /// Returns the number of bytes of the scalar that begins at `offset`; nil where none does
  /// (Unicode, table 3-7: well-formed UTF-8).
  static func lengthOfScalar(in bytes: [UInt8], at offset: Int) -> Int? {
    let (length, second): (Int, ClosedRange<UInt8>) =
      switch bytes[offset] {
      case 0..<0x80: (1, 0...0)
      case 0xC2...0xDF: (2, 0x80...0xBF)
      case 0xE0: (3, 0xA0...0xBF)
      case 0xED: (3, 0x80...0x9F)
      case 0xE1...0xEF: (3, 0x80...0xBF)
      case 0xF0: (4, 0x90...0xBF)
      case 0xF1...0xF3: (4, 0x80...0xBF)
      case 0xF4: (4, 0x80...0x8F)
      default: (0, 0...0)
      }
    if length < 2 { return length == 1 ? 1 : nil }
    guard offset + length <= bytes.count, second.contains(bytes[offset + 1]) else { return nil }
    for index in offset + 2..<offset + length where bytes[index] & 0xC0 != 0x80 { return nil }
    return length
  }

  /// Returns the offset of the first byte that is not UTF-8; nil where all are.
  package static func firstBadByte(in bytes: [UInt8]) -> Int? {
    var offset = 0
    while true {
      offset = endOfASCII(in: bytes, from: offset)
      if offset == bytes.count {
        return nil
      } else if let length = lengthOfScalar(in: bytes, at: offset) {
        offset += length
      } else {
        return offset
      }
    }
  }

  /// Returns where the first byte stands that is not ASCII, or the end.
  private static func endOfASCII(in bytes: [UInt8], from start: Int) -> Int {
    // A block whose bytes are looked at together is one that the processor takes at once.
    let block = 64
    var offset = start
    unsafe bytes.withUnsafeBufferPointer { bytes in
      while offset + block <= bytes.count {
        var all: UInt8 = 0
        for index in offset..<offset + block { all |= unsafe bytes[index] }
        if all >= 0x80 { break }
        offset += block
      }
    }
    while offset < bytes.count, bytes[offset] < 0x80 { offset += 1 }
    return offset
  }

  /// What a message says of a byte that is not UTF-8.
  package static func complaint(_ byte: UInt8) -> String {
    "the byte 0x\(UInt32(byte).hexadecimal(digits: 2)) is not UTF-8"
  }

  /// What a message advises then.
  package static let advice = "save the text as UTF-8"
}

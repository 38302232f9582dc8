extension Sequence<UInt8> {
  /// The bytes as lower-case hexadecimal digits, two for each.
  package var hexadecimal: String {
    let digits = Hexadecimal.digits
    var text: [UInt8] = []
    text.reserveCapacity(2 * underestimatedCount)
    for byte in self {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}

extension UInt32 {
  /// Returns at least so many upper-case hexadecimal digits, as a message names a byte or a character.
  package func hexadecimal(digits: Int) -> String {
    let text = String(self, radix: 16, uppercase: true)
    return String(repeating: "0", count: Swift.max(0, digits - text.count)) + text
  }
}

enum Hexadecimal {
  fileprivate static let digits = Array("0123456789abcdef".utf8)

  /// The value of a digit in upper or lower case; nil of any other byte.
  static func value(of digit: UInt8) -> UInt32? {
    switch digit {
    case Byte.zero...Byte.nine: UInt32(digit - Byte.zero)
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(digit - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(digit - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}

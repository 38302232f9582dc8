package import Foundation

/// One value of a row that a query returns.
package enum SQLValue: Equatable, Sendable {
  /// No value, or not a number.
  case null
  /// A whole number.
  case integer(Int64)
  /// A double, which may be infinite.
  case real(Double)
  /// Text.
  case text(String)
  /// Bytes.
  case blob(Data)
}

extension SQLValue {
  /// A BLOB as SQL writes it: x'…' in lowercase hexadecimal.
  package static func literal(_ blob: Data) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = Array("x'".utf8)
    for byte in blob { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    return String(decoding: text + [39], as: UTF8.self)
  }
}

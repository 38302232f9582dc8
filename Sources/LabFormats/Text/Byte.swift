/// The ASCII bytes that readers of text look for.
package enum Byte {
  /// `"`.
  package static let quote = UInt8(ascii: "\"")
  /// `'`.
  package static let apostrophe = UInt8(ascii: "'")
  /// `\`.
  package static let backslash = UInt8(ascii: "\\")
  /// `/`.
  package static let slash = UInt8(ascii: "/")
  /// `#`.
  package static let hash = UInt8(ascii: "#")
  /// `,`.
  package static let comma = UInt8(ascii: ",")
  /// `:`.
  package static let colon = UInt8(ascii: ":")
  /// `[`.
  package static let openBracket = UInt8(ascii: "[")
  /// `]`.
  package static let closeBracket = UInt8(ascii: "]")
  /// `{`.
  package static let openBrace = UInt8(ascii: "{")
  /// `}`.
  package static let closeBrace = UInt8(ascii: "}")
  /// `-`.
  package static let minus = UInt8(ascii: "-")
  /// `+`.
  package static let plus = UInt8(ascii: "+")
  /// `.`.
  package static let point = UInt8(ascii: ".")
  /// A space.
  package static let space = UInt8(ascii: " ")
  /// The end of a line.
  package static let lineFeed = UInt8(ascii: "\n")
  /// The digit 0.
  package static let zero = UInt8(ascii: "0")
  /// The digit 9.
  package static let nine = UInt8(ascii: "9")

  /// Tells whether a byte is one of the digits 0 to 9.
  package static func isDigit(_ byte: UInt8) -> Bool { byte &- zero < 10 }

  /// ASCII that a terminal shows as a sign of its own.
  package static func isPrintable(_ byte: UInt8) -> Bool { byte >= 0x20 && byte < 0x7F }

  /// Tells whether a byte is an ASCII letter.
  package static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }
}

/// The ASCII bytes that readers of text look for.
///
/// It is public, unlike the rest, since the compiler carries no `package` declaration into another module: a call
/// for each constant was a third of the time of comparing ten thousand configurations.
public enum Byte {
  /// `"`.
  @inlinable public static var quote: UInt8 { UInt8(ascii: "\"") }
  /// `'`.
  @inlinable public static var apostrophe: UInt8 { UInt8(ascii: "'") }
  /// `\`.
  @inlinable public static var backslash: UInt8 { UInt8(ascii: "\\") }
  /// `/`.
  @inlinable public static var slash: UInt8 { UInt8(ascii: "/") }
  /// `#`.
  @inlinable public static var hash: UInt8 { UInt8(ascii: "#") }
  /// `,`.
  @inlinable public static var comma: UInt8 { UInt8(ascii: ",") }
  /// `:`.
  @inlinable public static var colon: UInt8 { UInt8(ascii: ":") }
  /// `[`.
  @inlinable public static var openBracket: UInt8 { UInt8(ascii: "[") }
  /// `]`.
  @inlinable public static var closeBracket: UInt8 { UInt8(ascii: "]") }
  /// `{`.
  @inlinable public static var openBrace: UInt8 { UInt8(ascii: "{") }
  /// `}`.
  @inlinable public static var closeBrace: UInt8 { UInt8(ascii: "}") }
  /// `-`.
  @inlinable public static var minus: UInt8 { UInt8(ascii: "-") }
  /// `+`.
  @inlinable public static var plus: UInt8 { UInt8(ascii: "+") }
  /// `.`.
  @inlinable public static var point: UInt8 { UInt8(ascii: ".") }
  /// A space.
  @inlinable public static var space: UInt8 { UInt8(ascii: " ") }
  /// The end of a line.
  @inlinable public static var lineFeed: UInt8 { UInt8(ascii: "\n") }
  /// The digit 0.
  @inlinable public static var zero: UInt8 { UInt8(ascii: "0") }
  /// The digit 9.
  @inlinable public static var nine: UInt8 { UInt8(ascii: "9") }

  /// Tells whether a byte is one of the digits 0 to 9.
  @inlinable public static func isDigit(_ byte: UInt8) -> Bool { byte &- zero < 10 }

  /// ASCII that a terminal shows as a sign of its own.
  @inlinable public static func isPrintable(_ byte: UInt8) -> Bool { byte >= 0x20 && byte < 0x7F }

  /// Tells whether a byte is an ASCII letter.
  @inlinable public static func isLetter(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26
  }
}

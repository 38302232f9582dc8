/// A JSON value to be written; members keep their order.
package enum JSONText: Equatable, Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  /// Written with the fewest digits that read back to the same Double.
  case real(Double)
  /// Written with the fewest digits that read back to the same Float.
  case float(Float)
  case string(String)
  case array([JSONText])
  case object([JSONTextMember])
  /// An object of these members, with a line break behind the comma between one list and the next.
  case lines([[JSONTextMember]])
  /// A value with a line break before and behind it.
  indirect case apart(JSONText)
  /// An array of a table's rows, each an object on a line of its own.
  case table(Table)

  /// Returns an object with the given members, in order.
  package static func object(_ members: KeyValuePairs<String, JSONText?>) -> JSONText {
    .object(Self.members(members))
  }

  /// Returns an object of the members of all `lines`, with line breaks between those that have any.
  package static func lines(_ lines: KeyValuePairs<String, JSONText?>...) -> JSONText {
    .lines(lines.map(members).filter { !$0.isEmpty })
  }

  private static func members(_ members: KeyValuePairs<String, JSONText?>) -> [JSONTextMember] {
    members.compactMap { key, value in value.map { JSONTextMember(key, $0) } }
  }

  /// The value without spaces, and in one line unless it asks for line breaks; the canonical form.
  package var compact: String {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the canonical form to `bytes`.
  package func write(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes += "null".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .integer(let value): bytes += value.description.utf8
    case .real(let value):
      precondition(value.isFinite, "JSON has no \(value)")
      bytes += value.description.utf8
    case .float(let value):
      precondition(value.isFinite, "JSON has no \(value)")
      bytes += value.description.utf8
    case .string(let value): Self.write(value, to: &bytes)
    case .array(let elements):
      bytes.append(Byte.openBracket)
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes.append(Byte.comma) }
        element.write(to: &bytes)
      }
      bytes.append(Byte.closeBracket)
    case .object(let members): Self.write([members], to: &bytes)
    case .lines(let lines): Self.write(lines, to: &bytes)
    case .apart(let value):
      bytes.append(Byte.lineFeed)
      value.write(to: &bytes)
      bytes.append(Byte.lineFeed)
    case .table(let table):
      table.write(.json, to: &bytes)
      bytes.removeLast()  // the line break that ends a table of its own
    }
  }

  private static func write(_ lines: [[JSONTextMember]], to bytes: inout [UInt8]) {
    bytes.append(Byte.openBrace)
    for (line, members) in lines.enumerated() {
      if line > 0 { bytes += ",\n".utf8 }
      for (index, member) in members.enumerated() {
        if index > 0 { bytes.append(Byte.comma) }
        write(member.key, to: &bytes)
        bytes.append(Byte.colon)
        member.value.write(to: &bytes)
      }
    }
    bytes.append(Byte.closeBrace)
  }

  /// Appends a quoted string; everything that could move a terminal's cursor is escaped.
  private static func write(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(Byte.quote)
    defer { bytes.append(Byte.quote) }
    if text.utf8.allSatisfy(isPlain) {
      bytes += text.utf8
      return
    }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": bytes += "\\\"".utf8
      case "\\": bytes += "\\\\".utf8
      case "\n": bytes += "\\n".utf8
      case "\r": bytes += "\\r".utf8
      case "\t": bytes += "\\t".utf8
      case _ where Visible.isHarmful(scalar):
        for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
          bytes += "\\u\(UInt32(unit).hexadecimal(digits: 4))".utf8
        }
      default: bytes += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
      }
    }
  }

  /// Tells whether the byte is ASCII that stands for itself in a string.
  private static func isPlain(_ byte: UInt8) -> Bool {
    Byte.isPrintable(byte) && byte != Byte.quote && byte != Byte.backslash
  }
}

/// A key and its value, to be written.
package struct JSONTextMember: Equatable, Sendable {
  /// The key, unescaped.
  package var key: String
  /// What stands behind it.
  package var value: JSONText

  /// The key is escaped when it is written.
  package init(_ key: String, _ value: JSONText) {
    self.key = key
    self.value = value
  }
}

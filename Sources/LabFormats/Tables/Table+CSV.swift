extension Table {
  /// Returns comma-separated values (RFC 4180) with a header line; lines end in LF.
  ///
  /// Numbers keep every digit; those beyond all are `inf`, `-inf` and `nan`. Null is empty, empty text
  /// is `""`. Text and titles that a spreadsheet would run as a formula get an apostrophe in front,
  /// unless they read as a number; control characters become visible signs.
  package func csv() -> String { text(.csv) }

  /// Appends one line with its line break.
  package static func appendCSV(_ cells: [Cell], to text: inout [UInt8]) {
    for (index, cell) in cells.enumerated() {
      if index > 0 { text.append(Byte.comma) }
      switch cell {
      case .text(let field): appendCSV(field, to: &text)
      case .integer(let value): text += value.description.utf8
      case .real(let value): text += NumberText.exact(value).utf8
      case .null: break
      }
    }
    text.append(Byte.lineFeed)
  }

  private static func appendCSV(_ raw: String, to text: inout [UInt8]) {
    let field = (isFormula(raw) ? "'" : "") + Visible.paragraph(raw)
    let needsQuotes =
      field.isEmpty || field.utf8.first == Byte.space || field.utf8.last == Byte.space
      || field.utf8.contains { $0 == Byte.comma || $0 == Byte.quote || $0 < 0x20 }
    guard needsQuotes else {
      text += field.utf8
      return
    }
    text.append(Byte.quote)
    for byte in field.utf8 { text += repeatElement(byte, count: byte == Byte.quote ? 2 : 1) }
    text.append(Byte.quote)
  }

  private static func isFormula(_ text: String) -> Bool {
    guard let first = text.utf8.first else { return false }
    return "=+-@\t\r".utf8.contains(first) && Double(text) == nil
  }
}

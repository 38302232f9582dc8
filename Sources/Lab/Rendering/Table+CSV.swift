extension Table {
  /// Returns comma-separated values (RFC 4180) with a header line; lines end in LF.
  ///
  /// Numbers keep every digit; those beyond all are `inf`, `-inf` and `nan`. Null is empty, empty text
  /// is `""`. Text and titles that a spreadsheet would run as a formula get an apostrophe in front,
  /// unless they read as a number; control characters become visible signs.
  package func csv() -> String { text(.csv) }

  /// Returns one line with its line break.
  static func csvLine(_ cells: [Cell]) -> String {
    cells.map(csvField).joined(separator: ",") + "\n"
  }

  private static func csvField(_ cell: Cell) -> String {
    switch cell {
    case .text(let text): csvField(text)
    case .integer(let value): value.description
    case .real(let value): NumberText.exact(value)
    case .null: ""
    }
  }

  private static func csvField(_ raw: String) -> String {
    let text = (isFormula(raw) ? "'" : "") + Visible.paragraph(raw)
    let needsQuotes =
      text.isEmpty || text.hasPrefix(" ") || text.hasSuffix(" ")
      || text.utf8.contains { $0 == Byte.comma || $0 == Byte.quote || $0 < 0x20 }
    guard needsQuotes else { return text }
    let doubled = text.split(separator: "\"", omittingEmptySubsequences: false)
    return "\"\(doubled.joined(separator: "\"\""))\""
  }

  private static func isFormula(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first else { return false }
    return "=+-@\t\r".unicodeScalars.contains(first) && Double(text) == nil
  }
}

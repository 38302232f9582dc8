/// A table in a form whose lines need no other lines: written row by row, in the memory of one.
package struct TableStream {
  /// The forms that can be written so.
  package enum Form: Sendable {
    case csv, json
  }

  private let form: Form
  private let titles: [String]
  private var rows = 0

  /// Begins a table.
  package init(_ form: Form, titles: [String]) {
    self.form = form
    self.titles = titles
  }

  /// Appends what stands before all rows.
  package func appendHead(to text: inout [UInt8]) {
    if form == .csv { Table.appendCSV(titles.map { .text($0) }, to: &text) }
  }

  /// Appends the next row.
  package mutating func append(_ cells: [Table.Cell], to text: inout [UInt8]) {
    switch form {
    case .csv: Table.appendCSV(cells, to: &text)
    case .json:
      text += (rows == 0 ? "[\n" : ",\n").utf8
      Table.appendJSON(cells, titles, to: &text)
    }
    rows += 1
  }

  /// Appends what stands behind all rows.
  package func appendEnd(to text: inout [UInt8]) {
    if form == .json { text += (rows == 0 ? "[]\n" : "\n]\n").utf8 }
  }
}

extension Table {
  /// Returns the whole table in a form that can be written row by row.
  package func text(_ form: TableStream.Form) -> String {
    var stream = TableStream(form, titles: columns.map(\.title))
    var text: [UInt8] = []
    stream.appendHead(to: &text)
    for row in rows { stream.append(row, to: &text) }
    stream.appendEnd(to: &text)
    return String(decoding: text, as: UTF8.self)
  }
}

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

extension Table {
  /// Returns a JSON array with one object for each row, a row a line.
  ///
  /// Numbers keep every digit; what JSON cannot hold (nan, inf) is null.
  package func json() -> String { text(.json) }

  /// Returns one JSON object a line, without an array around them.
  package func jsonLines() -> String {
    let titles = columns.map(\.title)
    var text: [UInt8] = []
    for row in rows {
      Self.appendJSON(row, titles, to: &text)
      text.append(Byte.lineFeed)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Appends a row as an object.
  static func appendJSON(_ cells: [Cell], _ titles: [String], to text: inout [UInt8]) {
    JSONText.object(zip(titles, cells).map { JSONTextMember($0, json($1)) }).write(to: &text)
  }

  private static func json(_ cell: Cell) -> JSONText {
    switch cell {
    case .text(let text): .string(text)
    case .integer(let value): .integer(value)
    case .real(let value): value.isFinite ? .real(value) : .null
    case .null: .null
    }
  }
}

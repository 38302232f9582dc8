/// A table in a form whose lines need no other lines: written row by row, in the memory of one.
package struct TableStream {
  /// The forms that can be written so.
  package enum Form: Sendable {
    case csv, json
  }

  private let form: Form
  private let titles: [String]
  /// The places of columns whose texts are JSON.
  private let holdsJSON: Set<Int>
  private var rows = 0

  /// Begins a table.
  package init(_ form: Form, titles: [String]) {
    self.init(form, titles: titles, holdsJSON: [])
  }

  fileprivate init(_ form: Form, titles: [String], holdsJSON: Set<Int>) {
    self.form = form
    self.titles = titles
    self.holdsJSON = holdsJSON
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
      JSONText(cells, titles: titles, holdsJSON: holdsJSON).write(to: &text)
    }
    rows += 1
  }

  /// Appends what stands behind all rows.
  package func appendEnd(to text: inout [UInt8]) {
    if form == .json { text += (rows == 0 ? "[]\n" : "\n]\n").utf8 }
  }
}

extension Table {
  /// Appends the whole table in a form that can be written row by row.
  func write(_ form: TableStream.Form, to text: inout [UInt8]) {
    var stream = TableStream(form, titles: columns.map(\.title), holdsJSON: placesOfJSON)
    stream.appendHead(to: &text)
    for row in rows { stream.append(row, to: &text) }
    stream.appendEnd(to: &text)
  }

  /// Returns a row as an object.
  package func object(ofRow index: Int) -> JSONText {
    JSONText(rows[index], titles: columns.map(\.title), holdsJSON: placesOfJSON)
  }

  private var placesOfJSON: Set<Int> {
    Set(columns.indices.filter { columns[$0].kind == .json })
  }

  /// Appends a line of comma-separated values (RFC 4180), which ends in LF.
  ///
  /// Numbers keep every digit; those beyond all are `inf`, `-inf` and `nan`. Null is empty, empty text
  /// is `""`. Text and titles that a spreadsheet would run as a formula get an apostrophe in front,
  /// unless they read as a number; control characters become visible signs.
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

extension JSONText {
  /// A row as an object; numbers keep every digit, and what JSON cannot hold (nan, inf) is null.
  fileprivate init(_ row: [Table.Cell], titles: [String], holdsJSON: Set<Int>) {
    self = .object(
      zip(titles, row).enumerated().map { place, cell in
        if case .text(let text) = cell.1, holdsJSON.contains(place) {
          return JSONTextMember(cell.0, JSONText(json: text))
        }
        return JSONTextMember(cell.0, JSONText(cell.1))
      })
  }

  private init(_ cell: Table.Cell) {
    switch cell {
    case .text(let text): self = .string(text)
    case .integer(let value): self = .integer(value)
    case .real(let value): self = value.isFinite ? .real(value) : .null
    case .null: self = .null
    }
  }
}

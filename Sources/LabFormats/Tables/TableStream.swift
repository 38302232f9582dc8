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

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
  init(_ form: Form, titles: [String]) {
    self.form = form
    self.titles = titles
  }

  /// What stands before all rows.
  var head: String {
    switch form {
    case .csv: Table.csvLine(titles.map { .text($0) })
    case .json: ""
    }
  }

  /// Returns the text of the next row.
  mutating func row(_ cells: [Table.Cell]) -> String {
    defer { rows += 1 }
    switch form {
    case .csv: return Table.csvLine(cells)
    case .json: return (rows == 0 ? "[\n" : ",\n") + Table.jsonObject(titles, cells)
    }
  }

  /// What stands behind all rows.
  var end: String {
    switch form {
    case .csv: ""
    case .json: rows == 0 ? "[]\n" : "\n]\n"
    }
  }
}

extension Table {
  /// Returns the whole table in a form that can be written row by row.
  func text(_ form: TableStream.Form) -> String {
    var stream = TableStream(form, titles: columns.map(\.title))
    return stream.head + rows.map { stream.row($0) }.joined() + stream.end
  }
}

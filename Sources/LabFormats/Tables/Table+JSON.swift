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

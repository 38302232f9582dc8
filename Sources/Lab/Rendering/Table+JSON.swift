extension Table {
  /// Returns a JSON array with one object for each row, a row a line.
  ///
  /// Numbers keep every digit; what JSON cannot hold (nan, inf) is null.
  package func json() -> String { text(.json) }

  /// Returns one JSON object a line, without an array around them.
  package func jsonLines() -> String {
    let titles = columns.map(\.title)
    return rows.map { Self.jsonObject(titles, $0) + "\n" }.joined()
  }

  /// Returns a row as an object.
  static func jsonObject(_ titles: [String], _ cells: [Cell]) -> String {
    JSONText.object(zip(titles, cells).map { JSONTextMember($0, json($1)) }).compact
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

extension Table {
  /// Returns a JSON array with one object for each row, a row a line.
  ///
  /// Numbers keep every digit; what JSON cannot hold (nan, inf) is null.
  package func json() -> String {
    let objects = jsonObjects
    return objects.isEmpty ? "[]\n" : "[\n\(objects.joined(separator: ",\n"))\n]\n"
  }

  /// Returns one JSON object a line, without an array around them.
  package func jsonLines() -> String { jsonObjects.map { $0 + "\n" }.joined() }

  private var jsonObjects: [String] {
    rows.map { row in
      JSONText.object(zip(columns, row).map { JSONTextMember($0.title, Self.json($1)) }).compact
    }
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

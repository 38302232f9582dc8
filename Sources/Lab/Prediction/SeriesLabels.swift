import LabFormats

/// What a column of a table says of rows of its series.
struct SeriesLabels {
  private let table: CSVTable
  private let column: Int
  /// The column that tells the series apart; nil where there is one.
  private let sequence: Int?

  /// Opens the table and finds the column.
  init(_ column: String, of source: CSVSource, at path: String) throws(LabError) {
    table = try CSVTable(source, contentsOf: path)
    self.column = try table.column(column, key: "--label")
    sequence = source.sequence.flatMap { [table] in table.columns.firstIndex(of: $0) }
  }

  /// Returns the text in each of some rows.
  func texts(of rows: [SeriesRow]) throws(LabError) -> [String] {
    var table = table
    var numbers: [ExactText: Int] = [:]  // only looked up, never iterated
    var counts: [Int] = []
    var wanted: [[(row: Int, place: Int)]] = []  // of each series, the next one last
    for place in rows.indices.sorted(by: { rows[$0].row > rows[$1].row }) {
      let missing = rows[place].series + 1 - wanted.count
      if missing > 0 { wanted += Array(repeating: [], count: missing) }
      wanted[rows[place].series].append((rows[place].row, place))
    }
    var texts = [String](repeating: "", count: rows.count)
    while try table.advance() {
      let name = ExactText(sequence.map { table.text(table.fields[$0]) } ?? "")
      let number = numbers[name] ?? counts.count
      if number == counts.count {
        numbers[name] = number
        counts.append(0)
      }
      while number < wanted.count, let next = wanted[number].last, next.row == counts[number] {
        texts[next.place] = table.text(table.fields[column])
        wanted[number].removeLast()
      }
      counts[number] += 1
    }
    return texts
  }
}

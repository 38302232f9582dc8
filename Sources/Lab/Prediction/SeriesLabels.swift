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

  /// Returns the text in the last of so many rows of each series, which are in ascending order.
  func texts(of series: [(number: Int, rows: Int)]) throws(LabError) -> [String] {
    var table = table
    var numbers: [ExactText: Int] = [:]  // only looked up, never iterated
    var counts: [Int] = []
    var wanted: [Int: Int] = [:]  // likewise
    for (place, one) in series.enumerated() { wanted[one.number] = place }
    var texts = [String](repeating: "", count: series.count)
    while try table.advance() {
      let name = ExactText(sequence.map { table.text(table.fields[$0]) } ?? "")
      let number = numbers[name] ?? counts.count
      if number == counts.count {
        numbers[name] = number
        counts.append(0)
      }
      counts[number] += 1
      if let place = wanted[number], counts[number] == series[place].rows {
        texts[place] = table.text(table.fields[column])
      }
    }
    return texts
  }
}

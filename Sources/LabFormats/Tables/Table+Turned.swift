extension Table {
  /// The most rows that become columns where a table is too wide.
  private static let mostTurned = 8

  /// The fewest columns of the terminal that a row turned into one gets, the space before it included.
  private static let narrowestTurned = 14

  /// Returns the table as plain text; one of few rows that is wider than the terminal is turned, so
  /// that each row becomes a column, as many side by side as are readable.
  package func fittingText(width: Int?) -> String {
    let text = plainText()
    guard let width, (1...Self.mostTurned).contains(rows.count),
      text.split(separator: "\n").contains(where: { DisplayWidth.of(String($0)) > width })
    else { return width == nil ? text : plainText(width: width) }
    let titleWidth = columns.map { DisplayWidth.of($0.title) }.max() ?? 0
    let sparesTitles = titleWidth <= width / 2
    let count = max(1, (width - min(titleWidth, width / 2)) / Self.narrowestTurned)
    return stride(from: 0, to: rows.count, by: count).map { start in
      let part = Table(columns: columns, rows: Array(rows[start..<min(start + count, rows.count)]))
      return part.turned.plainText(width: width, sparesFirst: sparesTitles)
    }.joined(separator: "\n")
  }

  /// The table with rows for columns: the first column's cells become titles.
  private var turned: Table {
    guard let first = columns.first else { return self }
    var titles: [Column] = [Column(first.title, .text)]
    for row in rows {
      let title = first.shown(row[0])
      let isNew = !titles.contains { $0.title == title }
      titles.append(Column(isNew ? title : "\(title):\(titles.count)", .text))
    }
    return Table(
      columns: titles,
      rows: columns.indices.dropFirst().map { column in
        [.text(columns[column].title)] + rows.map { .text(columns[column].shown($0[column])) }
      })
  }
}

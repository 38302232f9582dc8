extension Table {
  /// The narrowest that a text column is cut to.
  private static let narrowest = 8

  /// Returns aligned columns for people, a line for each row, without trailing spaces.
  ///
  /// - Parameters:
  ///   - width: The columns of the terminal: text cells are cut to fit, the widest first; numbers never
  ///     are. Nil for a pipe, where nothing is cut.
  ///   - sparesFirst: Whether the first column stays as it is.
  package func plainText(width: Int? = nil, sparesFirst: Bool = false) -> String {
    let titles = columns.map { Visible.line($0.title) }
    let cells = rows.map { row in columns.indices.map { ShownCell(columns[$0].shown(row[$0])) } }
    var widths = titles.map(DisplayWidth.of)
    for row in cells {
      for index in row.indices { widths[index] = max(widths[index], row[index].width) }
    }
    if let width { fit(&widths, into: width, from: sparesFirst ? 1 : 0) }
    let rule = widths.map { String(repeating: "─", count: $0) }
    var text: [UInt8] = []
    for row in [titles.map(ShownCell.init), rule.map(ShownCell.init)] + cells {
      append(row, widths, to: &text)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// A cell's text and the columns it takes.
  private struct ShownCell {
    let text: String
    let width: Int

    init(_ text: String) {
      self.text = text
      width = DisplayWidth.of(text)
    }
  }

  /// Narrows text columns from the `first` on until all fit into `width` or none can become narrower.
  private func fit(_ widths: inout [Int], into width: Int, from first: Int) {
    var excess = widths.reduce(0, +) + 2 * (columns.count - 1) - width
    while excess > 0 {
      let candidates = columns.indices.filter {
        $0 >= first && columns[$0].kind == .text && widths[$0] > Self.narrowest
      }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { return }
      widths[widest] -= 1
      excess -= 1
    }
  }

  /// Appends a line; of bytes, so that ten thousand of them are a matter of milliseconds.
  private func append(_ cells: [ShownCell], _ widths: [Int], to text: inout [UInt8]) {
    for index in columns.indices {
      if index > 0 { text += repeatElement(Byte.space, count: 2) }
      var cell = cells[index]
      if cell.width > widths[index] {
        cell = ShownCell(DisplayWidth.truncated(cell.text, to: widths[index]))
      }
      let spaces = repeatElement(Byte.space, count: max(0, widths[index] - cell.width))
      if columns[index].alignment == .right { text += spaces }
      text += cell.text.utf8
      if columns[index].alignment == .left { text += spaces }
    }
    while text.last == Byte.space { text.removeLast() }
    text.append(Byte.lineFeed)
  }

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

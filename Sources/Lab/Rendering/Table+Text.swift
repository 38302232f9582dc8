extension Table {
  /// The narrowest that a text column is cut to.
  private static let narrowest = 8

  /// Returns aligned columns for people, a line for each row, without trailing spaces.
  ///
  /// - Parameter width: The columns of the terminal: text cells are cut to fit, the widest first;
  ///   numbers never are. Nil for a pipe, where nothing is cut.
  package func plainText(width: Int? = nil) -> String {
    let titles = columns.map { Visible.line($0.title) }
    let cells = rows.map { row in zip(columns, row).map { $0.shown($1) } }
    var widths = titles.map(DisplayWidth.of)
    for row in cells {
      for index in row.indices { widths[index] = max(widths[index], DisplayWidth.of(row[index])) }
    }
    if let width { fit(&widths, into: width) }
    let rule = widths.map { String(repeating: "─", count: $0) }
    return ([titles, rule] + cells).map { line($0, widths) + "\n" }.joined()
  }

  /// Narrows text columns until all fit into `width` or none can become narrower.
  private func fit(_ widths: inout [Int], into width: Int) {
    var excess = widths.reduce(0, +) + 2 * (columns.count - 1) - width
    while excess > 0 {
      let candidates = columns.indices.filter {
        columns[$0].kind == .text && widths[$0] > Self.narrowest
      }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { return }
      widths[widest] -= 1
      excess -= 1
    }
  }

  /// A line is built from bytes: ten thousand of them are a matter of milliseconds.
  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var line: [UInt8] = []
    for index in columns.indices {
      if index > 0 { line += [Byte.space, Byte.space] }
      let cell = DisplayWidth.truncated(cells[index], to: widths[index])
      let spaces = repeatElement(Byte.space, count: max(0, widths[index] - DisplayWidth.of(cell)))
      if columns[index].alignment == .right { line += spaces }
      line += cell.utf8
      if columns[index].alignment == .left { line += spaces }
    }
    while line.last == Byte.space { line.removeLast() }
    return String(decoding: line, as: UTF8.self)
  }
}

/// A table's cells as text, and the columns of the terminal that each column takes.
struct TextGrid {
  /// A cell's text and its width.
  struct Cell {
    let text: String
    let width: Int

    init(_ text: String) {
      self.text = text
      width = DisplayWidth.of(text)
    }
  }

  private let titles: [Cell]
  private let rows: [[Cell]]
  private let alignments: [DisplayWidth.Alignment]
  /// The width of each column.
  private(set) var widths: [Int]
  /// The width that each column can be narrowed to.
  private(set) var least: [Int]

  /// The narrowest that a text column is cut to.
  static let narrowest = 8

  /// Measures a table: text can be cut, numbers cannot.
  init(_ table: Table) {
    self.init(
      titles: table.columns.map { Visible.line($0.title) }, rows: table.shownRows,
      alignments: table.columns.map(\.alignment))
    least = zip(table.columns, widths).map { $0.isText ? min($1, Self.narrowest) : $1 }
  }

  /// Measures texts, none of which can be cut.
  init(titles: [String], rows: [[String]], alignments: [DisplayWidth.Alignment]) {
    self.titles = titles.map(Cell.init)
    self.rows = rows.map { $0.map(Cell.init) }
    self.alignments = alignments
    widths = self.titles.map(\.width)
    for row in self.rows {
      for index in row.indices { widths[index] = max(widths[index], row[index].width) }
    }
    least = widths
  }

  /// The columns of the terminal that all columns take, with two between one and the next.
  static func total(_ widths: [Int]) -> Int { widths.reduce(0, +) + 2 * max(0, widths.count - 1) }

  /// Lets columns be cut to these widths.
  mutating func allow(_ least: [Int]) { self.least = zip(least, widths).map { min($0, $1) } }

  /// Narrows columns, the widest first, until all fit into `width` or none can become narrower.
  mutating func fit(into width: Int) {
    var excess = Self.total(widths) - width
    while excess > 0 {
      let candidates = widths.indices.filter { widths[$0] > least[$0] }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { return }
      widths[widest] -= 1
      excess -= 1
    }
  }

  /// The lines: titles, a rule, and the rows, without trailing spaces.
  var text: String {
    let rule = widths.map { Cell(String(repeating: "─", count: $0)) }
    var text: [UInt8] = []
    for row in [titles, rule] + rows { append(row, to: &text) }
    return String(decoding: text, as: UTF8.self)
  }

  /// Appends a line; of bytes, so that ten thousand of them are a matter of milliseconds.
  private func append(_ cells: [Cell], to text: inout [UInt8]) {
    for index in cells.indices {
      if index > 0 { text += repeatElement(Byte.space, count: 2) }
      var cell = cells[index]
      if cell.width > widths[index] {
        cell = Cell(DisplayWidth.truncated(cell.text, to: widths[index]))
      }
      let spaces = repeatElement(Byte.space, count: max(0, widths[index] - cell.width))
      if alignments[index] == .right { text += spaces }
      text += cell.text.utf8
      if alignments[index] == .left { text += spaces }
    }
    while text.last == Byte.space { text.removeLast() }
    text.append(Byte.lineFeed)
  }
}

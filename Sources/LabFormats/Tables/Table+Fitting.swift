/// What becomes of a table that is wider than the terminal.
package struct TableFit: Sendable {
  /// Titles, the most important first; all others are less important, from left to right.
  package var important: [String]
  /// Titles of texts that are of no use when they are cut.
  package var uncut: [String]
  /// The most rows with which a table is turned, so that each row becomes a column.
  package var mostTurned: Int
  /// Where that can be seen which is left out.
  package var hint: String

  /// Describes how a table is made to fit.
  package init(
    important: [String] = [], uncut: [String] = [], mostTurned: Int = 8,
    hint: String = "--csv shows every column"
  ) {
    self.important = important
    self.uncut = uncut
    self.mostTurned = mostTurned
    self.hint = hint
  }
}

extension Table {
  /// The most titles that are told of columns that have no room.
  private static let mostTitles = 40

  /// Text of so many columns can be read, though its end is cut off.
  private static let readable = 16

  /// Returns the table as plain text, no line of which is wider than the terminal.
  ///
  /// Long texts are cut. If that is not enough, a table of few rows is turned, unless two of them begin
  /// alike; any other is shown without its least important columns, whose titles a line below it
  /// tells. The first column always stays.
  package func text(fitting width: Int?, _ fit: TableFit = TableFit()) -> String {
    guard let width else { return plainText() }
    var grid = TextGrid(self)
    let needed = columns.indices.map { index in
      columns[index].isText && !fit.uncut.contains(columns[index].title)
        ? min(grid.widths[index], Self.readable) : grid.widths[index]
    }
    if TextGrid.total(needed) <= width {
      grid.allow(zip(needed, grid.least).map { $0 > Self.readable ? $0 : $1 })
      grid.fit(into: width)
      return grid.text
    }
    let isTurned = rows.count <= fit.mostTurned && Set(rows.map { $0[0] }).count == rows.count
    if isTurned, !rows.isEmpty { return turnedText(width: width) }
    let kept = importantColumns(needed, width: width, fit)
    var part = TextGrid(selecting(kept.map { columns[$0].title }))
    part.allow(kept.map { needed[$0] > Self.readable ? needed[$0] : grid.least[$0] })
    part.fit(into: width)
    let left = columns.indices.filter { !kept.contains($0) }.map { Visible.line(columns[$0].title) }
    let more = left.count - Self.mostTitles
    let note =
      "No room for: \(left.prefix(Self.mostTitles).joined(separator: ", "))"
      + (more > 0 ? " and \(more) more" : "") + " (\(fit.hint))."
    return part.text + (left.isEmpty ? "" : "\n" + WrappedText.lines(note, width: width))
  }

  /// Whether every line of the table as plain text fits into the terminal, with nothing cut.
  package func fits(_ width: Int) -> Bool { TextGrid.total(TextGrid(self).widths) <= width }

  /// Returns the table in pieces, one below the other: each has the first columns and as many of the
  /// others as fit.
  package func text(inPiecesOf width: Int?, repeating count: Int) -> String {
    guard let width else { return plainText() }
    let grid = TextGrid(self)
    var pieces: [[Int]] = []
    var used = width
    for index in columns.indices.dropFirst(count) {
      if used + 2 + grid.widths[index] > width {
        pieces.append(Array(0..<count))
        used = TextGrid.total(Array(grid.widths.prefix(count)))
      }
      used += 2 + grid.widths[index]
      pieces[pieces.count - 1].append(index)
    }
    return pieces.map { piece in
      selecting(piece.map { columns[$0].title }).plainText(width: width)
    }.joined(separator: "\n")
  }

  /// The columns that fit, from left to right.
  private func importantColumns(_ needed: [Int], width: Int, _ fit: TableFit) -> [Int] {
    let first = fit.important.compactMap { title in columns.firstIndex { $0.title == title } }
    var used = needed.first ?? 0
    var kept: Set<Int> = [0]
    for index in first + columns.indices.filter({ !first.contains($0) }) where index > 0 {
      guard used + 2 + needed[index] <= width else { continue }
      used += 2 + needed[index]
      kept.insert(index)
    }
    return columns.indices.filter(kept.contains)
  }

  /// Returns the table turned: as many rows side by side as can be read, then the next below them; a
  /// single row as facts.
  private func turnedText(width: Int) -> String {
    let shown = shownRows
    if shown.count == 1 {
      return zip(columns, shown[0]).map { column, cell in
        Fact(DisplayWidth.truncated(Visible.line(column.title), to: width / 2), cell)
      }.text(width: width)
    }
    let names = columns.dropFirst().map { Visible.line($0.title) }
    let nameWidth = min(
      width / 2, ([columns[0].title] + names).map { DisplayWidth.of($0) }.max() ?? 0)
    func widths(cuttingTo narrowest: Int) -> [Int] {
      shown.map { row in
        columns.indices.reduce(TextGrid.narrowest) { least, index in
          let width = DisplayWidth.of(row[index])
          return max(least, columns[index].isText ? min(width, narrowest) : width)
        }
      }
    }
    let needed = widths(cuttingTo: Self.readable)
    let least = widths(cuttingTo: TextGrid.narrowest)
    var pieces: [String] = []
    var start = 0
    while start < rows.count {
      var (end, used) = (start, nameWidth)
      while end < rows.count, end == start || used + 2 + needed[end] <= width {
        used += 2 + needed[end]
        end += 1
      }
      var grid = TextGrid(
        titles: [Visible.line(columns[0].title)] + shown[start..<end].map { $0[0] },
        rows: names.indices.map { index in
          [names[index]] + shown[start..<end].map { $0[index + 1] }
        },
        alignments: [DisplayWidth.Alignment](repeating: .left, count: end - start + 1))
      grid.allow([nameWidth] + least[start..<end])
      grid.fit(into: width)
      pieces.append(grid.text)
      start = end
    }
    return pieces.joined(separator: "\n")
  }
}

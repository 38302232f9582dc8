import LabFormats

/// The tables of classes that people read.
struct EvaluationTables {
  /// One row a class, then the means.
  let scores: Table
  /// What was predicted for what: a row a target and a column a prediction; of many classes a row for
  /// each of the most frequent mistakes.
  let confusion: Table
  /// What that table is.
  let confusionHeading: String
  /// Whether it has every class.
  private let isWhole: Bool

  /// The share of a class's rows that a number of the whole matrix is; nil for other cells.
  func share(_ row: Int, _ column: Int) -> Double? {
    let counts = confusion.rows[row].map(\.double)
    guard isWhole, column > 0, let count = counts[column], count > 0 else { return nil }
    return count / counts.dropFirst().reduce(0) { $0 + ($1 ?? 0) }
  }

  /// The most classes whose whole matrix is shown.
  private static let mostShown = 20

  /// Lays the tables out.
  ///
  /// - Parameter width: The columns of a terminal: classes whose names it has no room for are numbered.
  init(titles: ClassTitles, scores: ClassScores, width: Int? = nil) {
    self.init(titles, scores)
    guard let width, !self.scores.fits(width) || !confusion.fits(width) else { return }
    var numbered = titles
    numbered.isNumbered = true
    self.init(numbered, scores)
  }

  private init(_ titles: ClassTitles, _ scores: ClassScores) {
    self.scores = Self.scores(titles, scores)
    isWhole = scores.count <= Self.mostShown
    confusion = isWhole ? Self.matrix(titles, scores) : Self.mistakes(titles, scores)
    confusionHeading =
      isWhole
      ? "Confusion matrix, targets down and predictions across"
      : "The most frequent mistakes of \(NumberText.count(scores.count)) classes; --csv has all counts"
  }

  /// The tables as people read them.
  func text(width: Int?) -> String {
    scores.plainText(width: width) + "\n"
      + WrappedText.lines("\(confusionHeading):", width: width) + "\n"
      + (isWhole
        ? confusion.text(inPiecesOf: width, repeating: 1) : confusion.plainText(width: width))
  }

  private static func scores(_ titles: ClassTitles, _ scores: ClassScores) -> Table {
    func row(_ name: Table.Cell, _ one: ClassScores.Scores) -> [Table.Cell] {
      [name, .real(one.precision), .real(one.recall), .real(one.f1), .integer(one.support)]
    }
    return Table(
      columns: [
        .init("class", .text), .init("precision", .number), .init("recall", .number),
        .init("f1_score", .number), .init("support", .integer),
      ],
      rows: scores.scores.enumerated().map { row(titles.cell($0), $1) }
        + [row(.text("macro average"), scores.macro)]
        + [row(.text("weighted average"), scores.weighted)])
  }

  private static func matrix(_ titles: ClassTitles, _ scores: ClassScores) -> Table {
    var known = ColumnTitles()
    var columns = [Table.Column(known.add("class", as: "column"), .text)]
    for number in 0..<titles.count {
      columns.append(.init(known.add(titles.title(number), as: "class"), .integer))
    }
    return Table(
      columns: columns,
      rows: scores.matrix.enumerated().map { [titles.cell($0)] + $1.map(Table.Cell.integer) })
  }

  private static func mistakes(_ titles: ClassTitles, _ scores: ClassScores) -> Table {
    Table(
      columns: [.init("class", .text), .init("predicted", .text), .init("count", .integer)],
      rows: scores.mistakes.prefix(mostShown).map { pair in
        [titles.cell(pair.target), titles.cell(pair.predicted), .integer(pair.count)]
      })
  }
}

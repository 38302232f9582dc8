/// Runs side by side: the settings that differ, metrics, speed and size.
package struct Comparison {
  let runs: ComparedRuns
  /// The row of ``ComparedRuns/table`` that the others are measured against.
  let baseline: Int?
  /// The settings that differ among the runs.
  let differing: [Settings.Path]
  /// The curves of a few runs, for a terminal.
  let curves: [LearningCurve]
  private let showsShared: Bool

  /// The most runs whose curves are drawn.
  static let mostCurves = 8

  init(
    _ runs: ComparedRuns, baseline: Int?, curves: [LearningCurve] = [], showsShared: Bool = false
  ) {
    self.runs = runs
    self.baseline = baseline
    self.curves = curves
    self.showsShared = showsShared
    differing = runs.settings.differing(among: runs.chosen)
  }

  /// The metrics that a baseline's are subtracted from, as far as any run has them.
  static func metrics(of runs: ComparedRuns) -> [Int] {
    runs.table.columns.indices.filter { column in
      runs.table.columns[column].kind == .metric
        && runs.chosen.contains { runs.table.rows[$0][column] != .null }
    }
  }

  private static let head = ["run_id", "name", "status"]

  /// One row a run: what it is, the settings that differ, and all columns of `compare.sql`; with a
  /// baseline each metric's difference to it.
  package var table: Table { table(describing: true) }

  /// The same without what people seldom ask for and what no run has.
  package var brief: Table { table(describing: false).droppingEmptyColumns() }

  private func table(describing: Bool) -> Table {
    var table = Table(columns: [])
    table.rows = runs.chosen.map { _ in [] }
    let heads = Self.head.compactMap(runs.column)
    for column in heads { append(column, to: &table) }
    for path in differing { append(setting: path, to: &table) }
    for column in runs.table.columns.indices where !heads.contains(column) {
      let title = runs.table.columns[column].title
      if table.columns.contains(where: { $0.title == title }) { continue }
      if !describing, !Self.shown.contains(title), column < Self.columns(of: runs) { continue }
      append(column, to: &table)
      if let baseline, Self.metrics(of: runs).contains(column) {
        append(differenceIn: column, to: baseline, in: &table)
      }
    }
    return table
  }

  /// What a terminal shows of each run, besides settings and rarer metrics.
  private static let shown = [
    "epochs", "loss", "accuracy", "val_loss", "val_accuracy", "best_epoch", "best_loss",
    "best_val_loss", "parameters", "seconds", "seconds_per_epoch", "parent_run_id",
  ]

  /// The number of the report's own columns; the others are metrics.
  private static func columns(of runs: ComparedRuns) -> Int {
    (runs.column("version") ?? 0) + 1
  }

  private func append(_ column: Int, to table: inout Table) {
    table.columns.append(runs.table.columns[column])
    for (row, run) in runs.chosen.enumerated() {
      table.rows[row].append(runs.table.rows[run][column])
    }
  }

  private func append(setting path: Settings.Path, to table: inout Table) {
    let cells = runs.chosen.map { runs.settings.value([path], of: $0) ?? .null }
    var title = runs.settings.shortName(path)
    if runs.column(title) != nil, title != "seed" { title = runs.settings.paths[path] }
    table.columns.append(Table.Column(title, Table.Kind(cells)))
    for row in cells.indices { table.rows[row].append(cells[row]) }
  }

  private func append(differenceIn column: Int, to baseline: Int, in table: inout Table) {
    table.columns.append(Table.Column(runs.table.columns[column].title + "_diff", .metric))
    for (row, run) in runs.chosen.enumerated() {
      let pair = (runs.number(column, run), runs.number(column, baseline))
      guard let value = pair.0, let base = pair.1 else {
        table.rows[row].append(.null)
        continue
      }
      table.rows[row].append(.real(value - base))
    }
  }
}

extension Comparison {
  /// Returns what a terminal shows.
  package func text(columns: Int?, colour: Bool) -> String {
    var text = brief.fittingText(width: columns)
    if showsShared { text += "\nThe same in all of them:\n\n" + shared.text }
    if !curves.isEmpty {
      text += "\n" + CurvePlot(curves: curves, width: columns ?? 80, colour: colour).text
    }
    return text
  }

  /// The settings that all runs have in common.
  private var shared: [Fact] {
    runs.settings.shared(among: runs.chosen).map { path, value in
      Fact(runs.settings.paths[path], Table.Column("", Table.Kind([value])).shown(value))
    }
  }
}

extension Table.Kind {
  /// The kind of a column of settings.
  init(_ cells: [Table.Cell]) {
    var isText = false
    var isReal = false
    for cell in cells {
      if case .text = cell { isText = true }
      if case .real = cell { isReal = true }
    }
    self = isText ? .text : isReal ? .exact : .integer
  }
}

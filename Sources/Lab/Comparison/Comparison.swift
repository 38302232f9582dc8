package import LabFormats

/// Runs side by side: the settings that differ, metrics, speed and size.
package struct Comparison: Answer {
  let runs: ComparedRuns
  /// The row of ``ComparedRuns/table`` that the others are measured against.
  let baseline: Int?
  /// The settings that differ among the runs.
  let differing: [Settings.Path]
  /// The curves of a few runs, for a terminal.
  let curves: [LearningCurve]
  /// Which runs the curves are of, where they are not of all.
  private let curveNote: String
  private let showsShared: Bool

  /// The most runs whose curves are drawn.
  static let mostCurves = 8

  init(
    _ runs: ComparedRuns, baseline: Int?, curves: [LearningCurve] = [], curveNote: String = "",
    showsShared: Bool = false
  ) {
    self.runs = runs
    self.baseline = baseline
    self.curves = curves
    self.curveNote = curveNote
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
  var brief: Table { table(describing: false).droppingEmptyColumns() }

  private func table(describing: Bool) -> Table {
    let sources = sources(describing: describing)
    return Table(
      columns: Table.unique(sources.map(column)),
      rows: runs.chosen.map { run in sources.map { cell($0, of: run) } })
  }

  /// Where a column's cells come from.
  private enum Source {
    case column(Int)
    case setting(Settings.Path)
    case difference(Int, to: Int)
  }

  private func sources(describing: Bool) -> [Source] {
    let heads = Self.head.compactMap(runs.column)
    var sources = heads.map(Source.column) + differing.map(Source.setting)
    let metrics = Self.metrics(of: runs)
    let settings = Set(differing.map(runs.title(ofSetting:)))
    for column in runs.table.columns.indices where !heads.contains(column) {
      let title = runs.table.columns[column].title
      if settings.contains(title) { continue }
      if !describing, !Self.shown.contains(title), column < Self.columns(of: runs) { continue }
      sources.append(.column(column))
      if let baseline, metrics.contains(column) {
        sources.append(.difference(column, to: baseline))
      }
    }
    return sources
  }

  /// What a terminal shows of each run, besides settings and rarer metrics.
  private static let shown = [
    "epochs", "loss", "accuracy", "val_loss", "val_accuracy", "best_epoch", "best_loss",
    "best_val_loss", "parameters", "seconds", "seconds_per_epoch", "parent_run_id",
  ]

  /// The number of the report's own columns; the others are metrics.
  private static func columns(of runs: ComparedRuns) -> Int {
    (runs.column("fold") ?? 0) + 1
  }

  private func column(_ source: Source) -> Table.Column {
    switch source {
    case .column(let column): runs.table.columns[column]
    case .setting(let path):
      Table.Column(
        runs.title(ofSetting: path), Table.Kind(runs.chosen.lazy.map { cell(source, of: $0) }))
    case .difference(let column, _):
      Table.Column(runs.table.columns[column].title + "_diff", .metric)
    }
  }

  private func cell(_ source: Source, of run: Int) -> Table.Cell {
    switch source {
    case .column(let column): return runs.table.rows[run][column]
    case .setting(let path): return runs.settings.shown([path], of: run) ?? .null
    case .difference(let column, let baseline):
      guard let value = runs.number(column, run), let base = runs.number(column, baseline) else {
        return .null
      }
      return .real(value - base)
    }
  }
}

extension Comparison {
  /// Returns what a terminal shows.
  package func text(on screen: Screen) -> String {
    var text =
      brief.text(fitting: screen.columns, fit) + runs.note(on: differing, width: screen.columns)
    if showsShared {
      text += "\nThe same in all of them:\n\n" + shared.text(width: screen.columns)
    }
    if !curves.isEmpty {
      let plot = CurvePlot(curves: curves, width: screen.width, colour: screen.hasColour)
      text += plot.text.isEmpty ? "" : "\n" + plot.text
      if !curveNote.isEmpty { text += WrappedText.lines(curveNote, width: screen.columns) }
    }
    return text
  }

  /// What is left out last where not all columns fit: what the runs came to, and what tells them
  /// apart.
  private var fit: TableFit {
    let isValidated = brief.columns.contains { $0.title == "val_loss" }
    let names = Set(runs.chosen.map(runs.name)).count > 1 ? ["name"] : []
    let isCompleted = { (run: Int) in
      runs.column("status").map { runs.table.rows[run][$0] == .text("completed") } ?? true
    }
    let status = runs.chosen.allSatisfy(isCompleted) ? [] : ["status"]
    return TableFit(
      important: [isValidated ? "val_loss" : "loss"] + status + names
        + differing.map(runs.title(ofSetting:)).filter { $0 != "training.epochs" }
        + ["val_loss_diff", "loss", "loss_diff", "status", "accuracy", "val_accuracy", "epochs"])
  }

  /// Returns the brief table.
  package func markdown() -> String { brief.markdown() + runs.note(on: differing) }

  /// What differs, by name: settings, the parts of the data, the first weights.
  var differences: [String] {
    differing.map { path in
      let name = runs.settings.paths[path]
      guard name == ComparedRuns.data, !runs.differingData.isEmpty else { return name }
      return "\(name) (\(runs.differingData.joined(separator: ", ")))"
    }
  }

  /// The settings that all runs were created with, and those that were lengthened since.
  var shared: [Fact] {
    runs.settings.shared(among: runs.chosen).map { path, value in
      let column = Table.Column("", Table.Kind([value]))
      let now = runs.chosen.map { (run: $0, value: runs.settings.shown([path], of: $0) ?? value) }
      if let first = now.first?.value, now.allSatisfy({ $0.value == first }) {
        return Fact(runs.settings.paths[path], column.shown(first))
      }
      let others = now.filter { $0.value != value }.map { run, value in
        "run \(runs.id(run)) now \(column.shown(value))"
      }
      let more = others.count > 5 ? ", …" : ""
      return Fact(
        runs.settings.paths[path],
        "\(column.shown(value)) (\(others.prefix(5).joined(separator: ", "))\(more))")
    }
  }
}

extension Table.Kind {
  /// The kind of a column of settings.
  init(_ cells: some Sequence<Table.Cell>) {
    var isText = false
    var isReal = false
    for cell in cells {
      if case .text = cell { isText = true }
      if case .real = cell { isReal = true }
    }
    self = isText ? .text : isReal ? .exact : .integer
  }
}

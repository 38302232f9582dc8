package import LabFormats
import LabStore

/// What several runs of one configuration came to: a row a run, and mean and spread of each metric.
package struct RepeatsReport: Answer, Sendable {
  /// A row a run, in their order; without columns in which all are as usual.
  package let table: Table
  /// Mean and standard deviation of each metric, over the runs that were completed.
  package let summary: [(metric: String, values: Sample)]
  /// The number of runs that were completed.
  package let completed: Int
  /// What those are repeats of, where they are folds.
  private let repeats: String?

  /// Reads runs by their ids.
  ///
  /// - Parameter folds: How many folds there are; nil for none.
  package init(_ runs: [Int64], folds: Int?, in laboratory: Laboratory) throws {
    let database = try laboratory.reading()
    let stored = try runs.map { try database.run($0) }
    let metrics = try stored.map { run in
      try database.metrics(of: run.runID, at: run.resultEpoch)
    }
    let names = metrics.reduce(into: [String]()) { names, values in
      for value in values where !names.contains(value.kerasName) { names.append(value.kerasName) }
    }
    let values = metrics.map { values in
      names.map { name in values.first { $0.kerasName == name }?.value }
    }
    table = Self.table(stored, names, values)
    let done = zip(stored, values).filter { $0.0.status == "completed" }.map(\.1)
    completed = done.count
    repeats = folds.flatMap { folds in
      RepeatsText.text(
        of: stored.filter { $0.status == "completed" }.map { run in
          (run.seedCell, run.fold.map(Table.Cell.integer) ?? .null)
        }, folds: folds)
    }
    summary = names.indices.compactMap { index in
      let column = done.compactMap { $0[index] }
      return column.isEmpty ? nil : (names[index], Sample(column))
    }
  }

  private static func table(
    _ stored: [StoredRun], _ names: [String], _ values: [[Double?]]
  ) -> Table {
    let whole = Table(
      columns: Table.unique(
        [
          .init("run_id", .integer), .init("fold", .integer), .init("seed", .integer),
          .init("status", .text),
          .init("epochs", .integer), .init("result_epoch", .integer),
        ] + names.map { .init($0, .metric) } + [.init("seconds", .seconds)]),
      rows: zip(stored, values).map { run, values in
        [
          .integer(Int(run.runID)), run.fold.map(Table.Cell.integer) ?? .null,
          run.seedCell, .text(run.status),
          .integer(run.epochs), .integer(run.resultEpoch),
        ] + values.map { $0.map(Table.Cell.real) ?? .null } + [.real(run.seconds)]
      })
    // What is the same for all is left out.
    var left: [String] = []
    if stored.allSatisfy({ $0.status == "completed" }) { left.append("status") }
    let (folds, seeds) = (Set(stored.map(\.fold)), Set(stored.map(\.seed)))
    if folds == [nil] || folds.count == 1 && seeds.count > 1 { left.append("fold") }
    if folds.count > 1, seeds.count == 1 { left.append("seed") }
    if stored.allSatisfy({ $0.resultEpoch == $0.epochs }) { left.append("result_epoch") }
    return whole.selecting(whole.columns.map(\.title).filter { !left.contains($0) })
  }

  /// What is left out last where not all columns fit.
  private let fit = TableFit(
    important: ["fold", "seed", "status", "test_loss", "val_loss", "loss"], mostTurned: 0,
    hint: "lstm-lab compare --csv has every column")

  /// The table, and below it the mean ± the standard deviation of each metric.
  package func text(on screen: Screen) -> String {
    let facts = summary.map { metric, values in
      Fact(metric, values.text(NumberForm(metrics: [values.mean, values.deviation ?? 0])))
    }
    let table = table.text(fitting: screen.columns, fit)
    guard completed > 1 else { return table }
    let heading =
      "Mean ± standard deviation of \(completed) completed runs\(repeats.map { " (\($0))" } ?? ""), "
      + "each at its result:"
    return table + "\n" + WrappedText.lines(heading, width: screen.columns)
      + facts.text(width: screen.columns)
  }
}

extension StoredRun {
  /// The run's seed in a table.
  fileprivate var seedCell: Table.Cell { seed.map { .integer(Int($0)) } ?? .null }
}

import GRDB
import LabFormats

/// An epoch that was chosen, and by what.
package struct ChosenEpoch: Equatable, Sendable {
  /// Its number.
  package let epoch: Int
  /// Why it is this one, in words; empty where its number was given.
  package let reason: String
}

extension LabDatabase {
  /// The run and the epoch with the best value of a metric; the earliest of equals.
  func best(_ metric: String, _ db: Database) throws -> (run: Int64, epoch: ChosenEpoch) {
    if let best = try BestValue(metric, of: nil, db) { return (best.run, best.chosen) }
    throw try notMeasured("no run has measured \(metric)", metric, in: nil, db)
  }

  /// The epoch of a run with the best value of a metric.
  func bestEpoch(_ metric: String, of run: Int64, _ db: Database) throws -> ChosenEpoch {
    if let best = try BestValue(metric, of: run, db) { return best.chosen }
    throw try notMeasured("run \(run) has not measured \(metric)", metric, in: run, db)
  }

  /// The best epoch of a run, by the loss that it monitors.
  func bestEpoch(of run: Int64, _ db: Database) throws -> ChosenEpoch {
    let best = try db.row(
      of: "run", "run \(run)",
      "SELECT run_id, best_epoch, best_val_loss, best_loss FROM runs WHERE run_id = ?", [run],
      Self.best)
    guard let best = best ?? nil else {
      throw LabError(
        .notFound, "run \(run) has no best epoch: no epoch that it trained has a finite loss",
        where: path, next: "see its epochs with: lstm-lab show \(run)\(option)")
    }
    return best.epoch
  }

  /// The run with the lowest loss, if all runs that trained compute and monitor the same one.
  func best(_ db: Database) throws -> (run: Int64, epoch: ChosenEpoch) {
    let kinds = try monitoredLosses(db)
    guard kinds.count < 2 else { throw try incomparable(kinds, db) }
    let best = try db.row(
      of: "run", "a run",
      """
      SELECT run_id, best_epoch, best_val_loss, best_loss FROM runs WHERE best_epoch IS NOT NULL
      ORDER BY coalesce(best_val_loss, best_loss), run_id LIMIT 1
      """, [], Self.best)
    guard let best = best ?? nil else {
      throw try notMeasured("no run has measured a loss", "loss", in: nil, db)
    }
    return best
  }

  /// A run's best epoch, for it has `the lowest val_loss, 0.1234`; nil where it has none.
  private static func best(_ row: StoredRow) throws -> (run: Int64, epoch: ChosenEpoch)? {
    guard let epoch: Int = try row["best_epoch"] else { return nil }
    let validation: Double? = try row["best_val_loss"]
    let value: Double? = try validation ?? row["best_loss"]
    let number = value.map { ", \(NumberText.metric($0))" } ?? ""
    let reason = "the lowest \(validation == nil ? "loss" : "val_loss")\(number)"
    return (try row["run_id"], ChosenEpoch(epoch: epoch, reason: reason))
  }

  /// Runs whose best epochs can be compared.
  private struct MonitoredLoss {
    let function: String?
    let metric: String
    let runs: [Int64]

    /// `runs 1, 2 (mean_squared_error, val_loss)`.
    var text: String {
      let shown = runs.prefix(6).map(String.init).joined(separator: ", ")
      return "run\(runs.count == 1 ? "" : "s") \(shown)\(runs.count > 6 ? ", …" : "") "
        + "(\(function.map { "\($0), " } ?? "")\(metric))"
    }
  }

  private func monitoredLosses(_ db: Database) throws -> [MonitoredLoss] {
    let sql = """
      SELECT p.run_id AS run_id, p.best_val_loss IS NOT NULL AS validated,
        CAST(s.value AS TEXT) AS loss
      FROM progress AS p LEFT JOIN setting AS s ON s.run_id = p.run_id AND s.path = 'training.loss'
      WHERE p.best_epoch IS NOT NULL ORDER BY p.run_id
      """
    var kinds: [(function: String?, metric: String, runs: [Int64])] = []
    _ = try db.rows(of: "run", "a run", sql) { row in
      let metric = try row["validated"] as Bool ? "val_loss" : "loss"
      let (function, run): (String?, Int64) = try (row["loss"], row["run_id"])
      let place = kinds.firstIndex { $0.function == function && $0.metric == metric }
      if let place {
        kinds[place].runs.append(run)
      } else {
        kinds.append((function, metric, [run]))
      }
    }
    return kinds.map { MonitoredLoss(function: $0.function, metric: $0.metric, runs: $0.runs) }
  }

  private func incomparable(_ kinds: [MonitoredLoss], _ db: Database) throws -> LabError {
    let names = try measuredMetrics(of: nil, db).map { "@best:\($0)" }.joined(separator: ", ")
    return LabError(
      .usage,
      "`@best` compares runs by one loss, and these have several: "
        + kinds.map(\.text).joined(separator: "; "),
      where: path,
      next: "choose by a metric, \(names), or name the run: RUN@best is its best epoch")
  }

  private func notMeasured(
    _ what: String, _ metric: String, in run: Int64?, _ db: Database
  ) throws -> LabError {
    let runs: Int? = try db.value("runs", of: "run", "a run", "SELECT count(*) AS runs FROM run")
    if runs == 0 { return noRuns() }
    let names = try measuredMetrics(of: run, db)
    return LabError(
      .notFound, what, where: path,
      next: Suggestion.text(for: metric, among: names) + "losses and metrics there: "
        + names.joined(separator: ", "))
  }

  /// The names of every loss and metric of a run, or of all.
  private func measuredMetrics(of run: Int64?, _ db: Database) throws -> [String] {
    try db.rows(
      of: "metrics", "a run",
      "SELECT DISTINCT split, name FROM metrics WHERE run_id = coalesce(?, run_id)", [run]
    ) { row in try (row["split"] as DataSplit).prefix + row["name"] }.sorted()
  }
}

/// The best value of a metric after the start, of one run or of all; the earliest of equals.
private struct BestValue {
  let run: Int64
  let chosen: ChosenEpoch

  init?(_ metric: String, of run: Int64?, _ db: Database) throws {
    let (split, name) = DataSplit.parts(ofMetric: metric)
    let isHighest = MetricValue.isHigherBetter(name)
    let sql = """
      SELECT run_id, epoch, value FROM metrics
      WHERE epoch > 0 AND split = ? AND name = ? AND value IS NOT NULL
        AND run_id = coalesce(?, run_id)
      ORDER BY value \(isHighest ? "DESC" : "ASC"), run_id, epoch LIMIT 1
      """
    let found = try db.row(of: "metrics", "a run", sql, [split.rawValue, name, run]) { row in
      (
        run: try row["run_id"] as Int64, epoch: try row["epoch"] as Int,
        value: try row["value"] as Double
      )
    }
    guard let found else { return nil }
    self.run = found.run
    chosen = ChosenEpoch(
      epoch: found.epoch,
      reason: "the \(isHighest ? "highest" : "lowest") \(metric), \(NumberText.metric(found.value))"
    )
  }
}

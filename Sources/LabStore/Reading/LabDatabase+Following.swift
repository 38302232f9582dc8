import GRDB

/// A stored epoch with the figures that are told while a run is trained.
package struct ToldEpoch: Equatable, Sendable {
  /// The epoch's number.
  package let epoch: Int
  /// The seconds that it took.
  package let seconds: Double
  /// When it ended, in seconds since 1970.
  package let end: Double
  /// Of the epoch's last step; nil where it is not a number.
  package let learningRate: Double?
  /// Its losses and metrics; those that are not numbers are left out.
  package internal(set) var metrics: [MetricValue]
}

extension LabDatabase {
  /// A number that is another one whenever somebody else has changed the database.
  package func dataVersion() throws -> Int {
    try read { db in
      try db.value("data_version", of: "PRAGMA", "the database", "PRAGMA data_version") ?? 0
    }
  }

  /// The epochs of a run after one of them, in order; at most so many, the last ones.
  package func told(of run: Int64, after epoch: Int, last limit: Int? = nil) throws -> [ToldEpoch] {
    let epochs = """
      SELECT epoch, seconds, learning_rate, (julianday(recorded_at) - 2440587.5) * 86400.0 AS ended
      FROM epoch WHERE run_id = ? AND epoch > ? ORDER BY epoch DESC LIMIT ?
      """
    let metrics = """
      SELECT epoch, split, name, value FROM metrics WHERE run_id = ? AND epoch BETWEEN ? AND ?
      """
    return try read { db in
      var told = try db.rows(of: "epoch", "run \(run)", epochs, [run, epoch, limit ?? -1]) { row in
        ToldEpoch(
          epoch: try row["epoch"], seconds: try row["seconds"], end: try row["ended"],
          learningRate: try row["learning_rate"], metrics: [])
      }
      told.reverse()
      guard let first = told.first?.epoch, let last = told.last?.epoch else { return [] }
      var values: [Int: [MetricValue]] = [:]
      _ = try db.rows(of: "metrics", "run \(run)", metrics, [run, first, last]) { row in
        guard let metric = try MetricValue(row) else { return }
        values[try row["epoch"], default: []].append(metric)
      }
      for index in told.indices { told[index].metrics = values[told[index].epoch] ?? [] }
      return told
    }
  }
}

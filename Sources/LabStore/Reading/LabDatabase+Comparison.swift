import Foundation
import GRDB
import LabReports

extension LabDatabase {
  /// Sets runs side by side, in the order of their ids: the report `reports/compare.sql`.
  ///
  /// - Parameters:
  ///   - runs: The only runs to take; nil for all.
  ///   - tag: A tag that every taken run has.
  ///   - last: Only so many runs of the database, the newest ones.
  ///   - config: Takes each run's configuration as UTF-8, which lies where SQLite has read it and is
  ///     left out of the table: many are large.
  package func comparedRuns(
    _ runs: [Int64]? = nil, tag: String? = nil, last: Int? = nil,
    config: (_ run: Int64, _ text: Span<UInt8>) throws -> Void
  ) throws -> ReportTable {
    let arguments: StatementArguments = [
      "runs": runs.map(Self.list), "tag": tag, "last": last,
    ]
    var table = try read { db in
      try report(Reports.compare, arguments, db) { row, text in
        if case .integer(let run) = row[0] { try config(run, text) }
      }
    }
    try settle(&table)
    return table
  }

  /// The metrics of each run's last epoch that the view `runs` has no column for: `run_id`, `name`
  /// with the prefix of its split, `value`; run after run.
  package func lastMetrics() throws -> ReportTable {
    let sql = """
      SELECT m.run_id AS run_id,
        CASE m.split WHEN 'train' THEN '' WHEN 'validation' THEN 'val_' ELSE 'test_' END || m.name
          AS name,
        m.value AS value
      FROM run AS r CROSS JOIN metric AS m ON m.run_id = r.id AND m.epoch = r.last_epoch
      WHERE EXISTS (SELECT 1 FROM metric)  -- else no run needs to be looked at
      ORDER BY m.run_id, CASE m.split WHEN 'train' THEN 0 WHEN 'validation' THEN 1 ELSE 2 END,
        m.name
      """
    return try read { try report(sql, [], $0) }
  }

  /// One metric of a run, epoch by epoch, without the epochs that have none: `epoch`, `value`.
  package func curve(
    of run: Int64, _ name: String, in split: DataSplit
  ) throws -> [(epoch: Int, value: Double)] {
    let sql = """
      SELECT epoch, value FROM metrics
      WHERE run_id = ? AND split = ? AND name = ? AND value IS NOT NULL ORDER BY epoch
      """
    return try read { db in
      try Row.fetchAll(db, sql: sql, arguments: [run, split.rawValue, name]).map {
        (epoch: $0["epoch"], value: $0["value"])
      }
    }
  }

  /// The epochs that two runs both have, in order, with the hash of each run.
  package func commonHashes(
    _ a: Int64, _ b: Int64
  ) throws -> [(epoch: Int, a: [UInt8], b: [UInt8])] {
    let sql = """
      SELECT a.epoch AS epoch, a.hash AS a, b.hash AS b
      FROM epoch AS a JOIN epoch AS b ON b.run_id = ? AND b.epoch = a.epoch
      WHERE a.run_id = ? ORDER BY a.epoch
      """
    return try read { db in
      try Row.fetchAll(db, sql: sql, arguments: [b, a]).map { row in
        let (first, second): (Data, Data) = (row["a"], row["b"])
        return (epoch: row["epoch"], a: [UInt8](first), b: [UInt8](second))
      }
    }
  }

  static func list(_ runs: [Int64]) -> String {
    "[\(runs.map(String.init).joined(separator: ","))]"
  }
}

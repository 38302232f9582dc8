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

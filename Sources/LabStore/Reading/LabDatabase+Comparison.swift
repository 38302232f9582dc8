import Foundation
import GRDB
import LabReports

extension LabDatabase {
  /// Sets runs side by side, in the order of their ids: the report `reports/compare.sql`.
  ///
  /// - Parameters:
  ///   - runs: The only runs to take; nil for all.
  ///   - tag: A tag that every taken run has.
  ///   - sweep: The sweep that every taken run belongs to.
  ///   - last: Only so many runs of the database, the newest ones.
  ///   - config: Takes each run's configuration as UTF-8, which lies where SQLite has read it and is
  ///     left out of the table: many are large.
  package func comparedRuns(
    _ runs: [Int64]? = nil, tag: String? = nil, sweep: String? = nil, last: Int? = nil,
    config: (_ run: Int64, _ text: Span<UInt8>) throws -> Void
  ) throws -> ReportTable {
    let arguments: StatementArguments = [
      "runs": runs.map(Self.list), "tag": tag, "sweep": sweep, "last": last,
    ]
    var table = try read { db in
      try report(Reports.compare, arguments, db) { row, text in
        guard case .integer(let run) = row[0] else {
          throw DamagedCell(column: "run.id", place: "a run", what: "no number")
        }
        try config(run, text)
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
      try db.rows(of: "epoch", "runs \(a) and \(b)", sql, [b, a]) { row in
        let (first, second): (Data, Data) = try (row["a"], row["b"])
        return (epoch: try row["epoch"], a: [UInt8](first), b: [UInt8](second))
      }
    }
  }

  /// The hash of the last epoch of each of these runs.
  package func lastHashes(of runs: [Int64]) throws -> [(run: Int64, hash: [UInt8])] {
    let sql = """
      SELECT e.run_id AS run_id, e.hash AS hash
      FROM json_each(?) AS j CROSS JOIN progress AS p ON p.run_id = j.value
      CROSS JOIN epoch AS e ON e.run_id = p.run_id AND e.epoch = p.last_epoch
      """
    return try read { db in
      try db.rows(of: "epoch", "a run", sql, [Self.list(runs)]) { row in
        (run: try row["run_id"], hash: [UInt8](try row["hash"] as Data))
      }
    }
  }

  /// The epochs that runs were to train when they were created, before a resume lengthened them;
  /// runs whose settings are not stored are left out.
  package func epochsWhenCreated(of runs: [Int64]) throws -> [(run: Int64, epochs: Int)] {
    let sql = """
      SELECT s.run_id AS run_id, s.value AS epochs
      FROM json_each(?) AS j CROSS JOIN setting AS s
        ON s.run_id = j.value AND s.path = 'training.epochs'
      WHERE typeof(s.value) = 'integer'
      """
    return try read { db in
      try db.rows(of: "setting", "a run", sql, [Self.list(runs)]) { row in
        (run: try row["run_id"], epochs: try row["epochs"])
      }
    }
  }

  /// The names of the parts of the data that are not the same in all of these runs, in the order of
  /// hashing; scales, which follow from `train.x`, only where that is the same.
  package func differingDataParts(among runs: [Int64]) throws -> [String] {
    let sql = """
      SELECT part FROM data_part WHERE run_id IN (SELECT value FROM json_each(:runs))
      GROUP BY part HAVING count(DISTINCT hash) > 1 OR count(*) < :count
      ORDER BY min(position), part
      """
    let parts: [String] = try read { db in
      try db.values(
        "part", of: "data_part", "a run", sql, ["runs": Self.list(runs), "count": runs.count])
    }
    return parts.contains("train.x") ? parts.filter { $0 != "normalization" } : parts
  }

  static func list(_ runs: [Int64]) -> String {
    "[\(runs.map(String.init).joined(separator: ","))]"
  }
}

import GRDB
import LabReports

/// What was recorded of runs, each a report in `reports/`.
package enum RecordedTable: String, CaseIterable, Sendable {
  case epochs, metrics, weights
  case gateStats = "gate_stats"

  var sql: String {
    switch self {
    case .epochs: Reports.epochs
    case .metrics: Reports.metrics
    case .weights: Reports.weights
    case .gateStats: Reports.gateStats
    }
  }
}

extension LabDatabase {
  /// Hands over what was recorded of some runs: the columns' names, then row after row, so that a
  /// table of any length needs the memory of one row.
  package func records(
    _ table: RecordedTable, of runs: [Int64], columns: ([String]) throws -> Void,
    row: ([SQLValue]) throws -> Void
  ) throws {
    try read { db in
      try rows(table.sql, ["runs": Self.list(runs)], db, columns: columns, row: row)
    }
  }

  /// The norms of each gate of a run, epoch by epoch, in the order of layers and gates.
  package func gateStats(of run: Int64) throws -> ReportTable {
    try read { try report(Reports.gateStats, ["runs": Self.list([run])], $0) }
  }
}

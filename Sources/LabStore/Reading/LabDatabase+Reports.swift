import GRDB
import GRDBSQLite
import LabReports

/// The answer to a question: named columns and rows of values.
package struct ReportTable: Equatable, Sendable {
  /// The columns' names.
  package let columns: [String]
  /// The rows, each with a value for each column.
  package var rows: [[SQLValue]]

  /// Every row has a value for each column; two columns may have one name.
  package init(columns: [String], rows: [[SQLValue]]) {
    self.columns = columns
    self.rows = rows
  }
}

/// What was recorded of runs, each a report in `reports/`.
package enum RecordedTable: String, CaseIterable, Sendable {
  /// A row an epoch, a metric of it, a weight of it.
  case epochs, metrics, weights
  /// A row a gate of an epoch.
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

/// A public view that tells something of every run.
package enum RunView: String, Sendable {
  /// The run itself; a row an epoch, a weight tensor, a class, a feature of its data.
  case runs, epochs, tensors, classes, features

  var sql: String {
    "SELECT * FROM \(rawValue) WHERE run_id = :run" + (self == .epochs ? " ORDER BY epoch" : "")
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

  /// The rows of a run in a view, with the view's columns.
  package func rows(of view: RunView, run: Int64) throws -> ReportTable {
    try read { try report(view.sql, ["run": run], $0) }
  }

  /// Asks a report's question.
  func report(
    _ sql: String, _ arguments: StatementArguments, _ db: Database
  ) throws -> ReportTable {
    var table = ReportTable(columns: [], rows: [])
    try rows(
      sql, arguments, db, columns: { table = ReportTable(columns: $0, rows: []) },
      row: { table.rows.append($0) })
    return table
  }

  /// Asks a report's question, whose last column is not kept: `last` looks at its text, row by row.
  func report(
    _ sql: String, _ arguments: StatementArguments, _ db: Database,
    last: (_ row: [SQLValue], _ text: Span<UInt8>) throws -> Void
  ) throws -> ReportTable {
    let statement = try db.makeStatement(sql: sql)
    let cursor = try Row.fetchCursor(statement, arguments: arguments)
    let kept = CInt(statement.columnCount) - 1
    var table = ReportTable(columns: statement.columnNames.dropLast(), rows: [])
    while try cursor.next() != nil {
      let row = unsafe SQLValue.row(
        of: statement.sqliteStatement, columns: kept, after: table.rows.last ?? [])
      let count = Int(unsafe sqlite3_column_bytes(statement.sqliteStatement, kept))
      let text = unsafe UnsafeBufferPointer(
        start: sqlite3_column_text(statement.sqliteStatement, kept), count: count)
      try last(row, unsafe text.span)
      table.rows.append(row)
    }
    return table
  }

  /// Hands over the answer to a question: the columns' names, then row after row.
  func rows(
    _ sql: String, _ arguments: StatementArguments, _ db: Database,
    columns: ([String]) throws -> Void, row: ([SQLValue]) throws -> Void
  ) throws {
    let statement = try db.makeStatement(sql: sql)
    let cursor = try Row.fetchCursor(statement, arguments: arguments)
    try columns(statement.columnNames)
    let count = CInt(statement.columnCount)
    var before: [SQLValue] = []
    while try cursor.next() != nil {
      // A Row's own values would come with a text for each column's name, row after row.
      before = unsafe SQLValue.row(of: statement.sqliteStatement, columns: count, after: before)
      try row(before)
    }
  }
}

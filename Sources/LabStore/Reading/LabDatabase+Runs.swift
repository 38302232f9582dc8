import GRDB
import GRDBSQLite
import LabReports

extension LabDatabase {
  /// One run whole.
  package func run(_ id: Int64) throws -> StoredRun {
    guard let row = try read({ try StoredRun.row(of: id, $0) }) else {
      throw missingRun(String(id))
    }
    return StoredRun(row, status: try settled(row["status"], of: id))
  }

  /// Lists runs: the report `reports/runs.sql`.
  package func runs(_ filter: RunFilter = RunFilter()) throws -> ReportTable {
    // The status is known for sure only below, so its filter and the limit come after it.
    let arguments: StatementArguments = [
      "status": nil, "name": filter.name, "tag": filter.tag, "sort": filter.sort,
      "descending": filter.isDescending, "limit": filter.status == nil ? filter.limit : nil,
    ]
    var table = try read { try report(Reports.runs, arguments, $0) }
    try settle(&table)
    guard let status = filter.status else { return table }
    table.rows = Array(
      table.rows.filter { $0[2] == .text(status) }.prefix(filter.limit ?? .max))
    return table
  }

  /// Every epoch of a run, as the view `epochs` tells it.
  package func epochs(of run: Int64) throws -> ReportTable {
    try read {
      try report("SELECT * FROM epochs WHERE run_id = :run ORDER BY epoch", ["run": run], $0)
    }
  }

  /// Every metric of a run, as the view `metrics` tells it.
  package func metrics(of run: Int64) throws -> ReportTable {
    let sql = """
      SELECT * FROM metrics WHERE run_id = :run ORDER BY epoch,
        CASE split WHEN 'train' THEN 0 WHEN 'validation' THEN 1 ELSE 2 END, name <> 'loss', name
      """
    return try read { try report(sql, ["run": run], $0) }
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

  /// Puts the status as it is into every row of a table whose columns begin with `run_id`, `name`
  /// and `status`.
  func settle(_ table: inout ReportTable) throws {
    for position in table.rows.indices {
      guard case .integer(let run) = table.rows[position][0],
        case .text(let status) = table.rows[position][2]
      else { continue }
      let settled = try settled(status, of: run)
      if settled != status { table.rows[position][2] = .text(settled) }
    }
  }

  /// The status as it is: a process that was killed a moment ago still has its lease, but no
  /// longer its lock; one that slept still has its lock, but no longer its lease; one that has
  /// just finished may have done so after the first look. Without a lock to look at, the lease
  /// decides.
  func settled(_ status: String, of run: Int64) throws -> String {
    guard ["running", "crashed"].contains(status), let isHeld = isBeingTrained(run) else {
      return status
    }
    if isHeld { return "running" }
    guard status == "running" else { return status }
    let outcome = try read {
      try String.fetchOne($0, sql: "SELECT outcome FROM run WHERE id = ?", arguments: [run])
    }
    return outcome ?? "crashed"
  }
}

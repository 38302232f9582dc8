import Foundation
import GRDB
import GRDBSQLite
import LabFormats

extension LabDatabase {
  /// Runs one read-only SQL statement, and hands over its columns' names, then row after row.
  ///
  /// - Throws: `LabError` where the statement does more than read, or needs more than `limits`.
  package func query(
    _ sql: String, limits: QueryLimits = .usual, columns: ([String]) throws -> Void,
    row: ([SQLValue]) throws -> Void
  ) throws {
    let connection = try LabError.translated(at: path) {
      let connection = try Connection.reading(path)
      try SchemaUpdate.showAsLatest(on: connection)
      return connection
    }
    let permission = QueryPermission()
    defer { withExtendedLifetime(permission) {} }
    try connection.inDatabase { db in
      permission.guardConnection(db)
      limits.apply(to: db)
      defer { QueryLimits.lift() }
      try QueryRun(
        db: db, path: path, option: option, permission: permission, limits: limits, sql: sql
      ).run(columns: columns, row: row)
    }
  }
}

/// One statement of a user on its way through SQLite.
struct QueryRun {
  let db: Database
  let path: String
  /// The option that names the database in an advised command.
  let option: String
  let permission: QueryPermission
  let limits: QueryLimits
  let sql: String

  /// Runs the statement.
  func run(columns: ([String]) throws -> Void, row: ([SQLValue]) throws -> Void) throws {
    let statement = unsafe try onlyStatement()
    defer { unsafe sqlite3_finalize(statement) }
    let count = unsafe sqlite3_column_count(statement)
    try columns((0..<count).map { unsafe name(statement, $0) })
    let deadline = Deadline(limits.deadline)
    while true {
      // What is done with a row is no time of the query's.
      deadline.time = limits.deadline
      switch deadline.limit(db, { unsafe sqlite3_step(statement) }) {
      case SQLITE_ROW:
        try unsafe requireSmall(statement, columns: count)
        try row(unsafe SQLValue.row(of: statement, columns: count))
      case SQLITE_DONE: return
      case let code: throw failed(code)
      }
    }
  }

  /// Refuses a row that there is no room for on its way out.
  private func requireSmall(_ statement: OpaquePointer, columns: CInt) throws {
    var bytes = 0
    for column in 0..<columns {
      let type = unsafe sqlite3_column_type(statement, column)
      guard type == SQLITE_TEXT || type == SQLITE_BLOB else { continue }
      bytes += Int(unsafe sqlite3_column_bytes(statement, column)) * (type == SQLITE_BLOB ? 2 : 1)
    }
    guard bytes <= limits.row else { throw LabError.query(limits, exceeded: "a row of the answer") }
  }

  /// Compiles the text, which may hold one statement, blanks and comments.
  private func onlyStatement() throws -> OpaquePointer {
    var (first, rest) = unsafe try compile(sql)
    guard let statement = unsafe first else {
      throw refused("the query is empty", next: "write one SELECT")
    }
    do {
      while !rest.isEmpty {
        unsafe (first, rest) = try compile(rest)
        guard unsafe first != nil else { continue }
        unsafe sqlite3_finalize(first)
        throw refused("there is more than one statement", next: "run one statement at a time")
      }
    } catch {
      unsafe sqlite3_finalize(statement)
      throw error
    }
    return unsafe statement
  }

  /// Compiles the first statement of a text, if there is one; returns what follows it.
  private func compile(_ text: String) throws -> (statement: OpaquePointer?, rest: String) {
    var statement: OpaquePointer?
    var utf8 = Array(text.utf8CString)
    let used = try unsafe utf8.withUnsafeMutableBufferPointer { bytes in
      var tail: UnsafePointer<CChar>?
      let start = unsafe UnsafePointer(bytes.baseAddress)
      let code = unsafe sqlite3_prepare_v2(
        db.sqliteConnection, start, CInt(bytes.count), &statement, &tail)
      guard code == SQLITE_OK else { throw failed(code) }
      guard let start = unsafe start, let tail = unsafe tail else { return bytes.count }
      return unsafe tail - start
    }
    return unsafe (statement, String(decoding: text.utf8.dropFirst(used), as: UTF8.self))
  }

  private func name(_ statement: OpaquePointer, _ column: CInt) -> String {
    unsafe sqlite3_column_name(statement, column).map { unsafe String(cString: $0) } ?? ""
  }

  private func failed(_ code: CInt) -> any Error {
    if let refusal = permission.refusal {
      return refused("\(refusal) is not allowed: queries only read", next: "use a SELECT")
    }
    let error = DatabaseError(
      resultCode: ResultCode(rawValue: code), message: db.lastErrorMessage)
    switch error.resultCode {
    case .SQLITE_INTERRUPT: return LabError.tooLong(limits)
    case .SQLITE_TOOBIG: return LabError.query(limits, exceeded: "a value")
    case .SQLITE_NOMEM: return LabError.query(limits, exceeded: "what SQLite has to remember")
    case .SQLITE_ERROR: break
    default: return LabError.translating(error, at: path)
    }
    let message = db.lastErrorMessage ?? "the query failed"
    return refused(
      message,
      next: QueryNames(self).suggestion(for: message)
        + "list tables and columns with: lstm-lab query \"SELECT sql FROM sqlite_schema\"\(option)")
  }

  private func refused(_ what: String, next: String) -> LabError {
    LabError(.usage, what, where: "query", next: next)
  }
}

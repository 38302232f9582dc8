import Foundation
import GRDB
import GRDBSQLite

extension Database {
  /// Executes a statement that stays compiled for the run that comes next.
  func executeCached(sql: String, arguments: StatementArguments) throws {
    try cachedStatement(sql: sql).execute(arguments: arguments)
  }
}

/// A statement that a transaction executes many times. Its values are bound past GRDB, which boxes each:
/// that took more time than SQLite did.
struct RepeatedStatement {
  private let db: Database
  private let statement: Statement
  /// Tells SQLite to copy what is bound.
  private static let copying = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  /// Takes the statement from the connection's cache, or compiles it.
  init(_ db: Database, _ sql: String) throws {
    self.db = db
    statement = try db.cachedStatement(sql: sql)
  }

  /// Executes it with a value for each `?`, in order.
  func execute(_ values: [SQLValue]) throws {
    for (index, value) in values.enumerated() { bind(value, CInt(index + 1)) }
    try step()
  }

  /// Executes it with a number and bytes, which are not copied.
  func execute(_ number: Int64, _ bytes: UnsafeRawBufferPointer) throws {
    bind(.integer(number), 1)
    unsafe sqlite3_bind_blob64(
      statement.sqliteStatement, 2, bytes.baseAddress, UInt64(bytes.count), nil)
    try step()
  }

  private func bind(_ value: SQLValue, _ place: CInt) {
    let statement = unsafe statement.sqliteStatement
    switch value {
    case .null: unsafe sqlite3_bind_null(statement, place)
    case .integer(let number): unsafe sqlite3_bind_int64(statement, place, number)
    case .real(let number): unsafe sqlite3_bind_double(statement, place, number)
    case .text(var text):
      text.withUTF8 { bytes in
        unsafe bytes.withMemoryRebound(to: CChar.self) { bytes in
          _ = unsafe sqlite3_bind_text64(
            statement, place, bytes.baseAddress, UInt64(bytes.count), Self.copying,
            UInt8(SQLITE_UTF8))
        }
      }
    case .blob(let bytes) where bytes.isEmpty:
      // Bytes without an address would be NULL.
      unsafe sqlite3_bind_zeroblob(statement, place, 0)
    case .blob(let bytes):
      unsafe bytes.withUnsafeBytes { bytes in
        _ = unsafe sqlite3_bind_blob64(
          statement, place, bytes.baseAddress, UInt64(bytes.count), Self.copying)
      }
    }
  }

  private func step() throws {
    let statement = unsafe statement.sqliteStatement
    let code = unsafe sqlite3_step(statement)
    unsafe sqlite3_reset(statement)
    unsafe sqlite3_clear_bindings(statement)
    guard code == SQLITE_DONE else {
      throw DatabaseError(resultCode: ResultCode(rawValue: code), message: db.lastErrorMessage)
    }
  }
}

import GRDB
import LabFormats

extension LabDatabase {
  /// Runs one read-only SQL statement, and hands over its columns' names, then row after row.
  package func query(
    _ sql: String, columns: ([String]) throws -> Void, row: ([SQLValue]) throws -> Void
  ) throws {
    let connection = try LabError.translated(at: path) { try Connection.reading(path) }
    let permission = QueryPermission()
    defer { withExtendedLifetime(permission) {} }
    try connection.inDatabase { db in
      permission.guardConnection(db)
      try QueryRun(db: db, path: path, permission: permission, sql: sql)
        .run(columns: columns, row: row)
    }
  }
}

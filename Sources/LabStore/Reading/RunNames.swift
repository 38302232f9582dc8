import GRDB
import LabSchema

/// The names that runs of a database can be called by, for a shell that completes them.
package enum RunNames {
  /// Reads the newest runs' numbers and their names, those that only one run has; newest first, and
  /// only such as begin as given.
  ///
  /// Nothing is waited for, made, changed or told: where there is no database of ours, or it is
  /// locked, there are no names.
  package static func newest(
    _ limit: Int, beginningWith start: String, at path: String
  ) -> (ids: [Int64], names: [String]) {
    guard (try? DatabaseFile.inspect(path)) == .ours else { return ([], []) }
    let found = try? Connection.glance(path) { db in
      try requireOurs(db)
      return (
        ids: try Int64.fetchAll(
          db,
          sql: """
            SELECT id FROM run WHERE substr(id, 1, length(:start)) = :start
            ORDER BY id DESC LIMIT :limit
            """, arguments: ["start": start, "limit": limit]),
        names: try String.fetchAll(
          db,
          sql: """
            SELECT name FROM run WHERE substr(name, 1, length(:start)) = :start
            GROUP BY name HAVING count(*) = 1 ORDER BY max(id) DESC LIMIT :limit
            """, arguments: ["start": start, "limit": limit])
      )
    }
    return found ?? ([], [])
  }

  /// Reads the newest run's configuration, likewise.
  package static func newestConfig(at path: String) -> String? {
    guard (try? DatabaseFile.inspect(path)) == .ours else { return nil }
    return try? Connection.glance(path) { db in
      try requireOurs(db)
      return try String.fetchOne(db, sql: "SELECT config FROM run ORDER BY id DESC LIMIT 1")
    }
  }

  /// Refuses a schema that is none of ours: a view in the place of a table need not end.
  private static func requireOurs(_ db: Database) throws {
    let version = try SchemaUpdate.version(of: db)
    guard (1...Migrations.latest).contains(version),
      try SchemaCheck(db).differences(from: version).isEmpty
    else { throw DatabaseError(resultCode: .SQLITE_SCHEMA) }
  }
}

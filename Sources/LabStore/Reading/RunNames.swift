import GRDB

/// The names that runs of a database can be called by, for a shell that completes them.
package enum RunNames {
  /// Reads the newest runs' numbers and their names, those that only one run has; newest first.
  ///
  /// Nothing is waited for, made, changed or told: where there is no database of ours, or it is
  /// locked, there are no names.
  package static func newest(_ limit: Int, at path: String) -> (ids: [Int64], names: [String]) {
    guard (try? DatabaseFile.inspect(path)) == .ours else { return ([], []) }
    let found = try? Connection.glancing(path).read { db in
      (
        ids: try Int64.fetchAll(
          db, sql: "SELECT id FROM run ORDER BY id DESC LIMIT ?", arguments: [limit]),
        names: try String.fetchAll(
          db,
          sql: """
            SELECT name FROM run GROUP BY name HAVING count(*) = 1 ORDER BY max(id) DESC LIMIT ?
            """, arguments: [limit])
      )
    }
    return found ?? ([], [])
  }

  /// Reads the newest run's configuration, likewise.
  package static func newestConfig(at path: String) -> String? {
    guard (try? DatabaseFile.inspect(path)) == .ours else { return nil }
    return try? Connection.glancing(path).read { db in
      try String.fetchOne(db, sql: "SELECT config FROM run ORDER BY id DESC LIMIT 1")
    }
  }
}

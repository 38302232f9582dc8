import GRDB
import LabFormats
import LabSchema

/// How far a run is.
package struct RunState: Equatable, Sendable {
  /// The run's number.
  package let run: Int64
  /// One of `RunFilter.statuses`.
  package internal(set) var status: String
  /// The last epoch that is stored.
  package let epochs: Int
  /// Why it ended, where that needs saying.
  package let message: String?
}

extension LabDatabase {
  /// How a database's schema is at a moment.
  package struct SchemaStamp: Equatable, Sendable {
    /// The version that its migrations gave it.
    let version: Int
    /// SQLite's own count of changes to it.
    let changes: Int

    /// Whether it is what this version of the program makes.
    package var isLatest: Bool { version == Migrations.latest }
  }

  /// The state of the schema in the file.
  package func schemaStamp() throws -> SchemaStamp {
    try read { db in
      SchemaStamp(
        version: try SchemaUpdate.version(of: db),
        changes: try Int.fetchOne(db, sql: "PRAGMA main.schema_version") ?? 0)
    }
  }

  /// Gives back the memory of pages that were read.
  package func releaseCache() throws {
    try LabError.translated(at: path, isOpen: true) {
      try connection.inDatabase { try $0.execute(sql: "PRAGMA shrink_memory") }
    }
  }

  /// The number of the newest run, 0 without any, and how far some runs are: those that have not come to an
  /// end, those that are newer than `newest`, and those that are asked for.
  ///
  /// It reads no configuration, so that ten thousand runs can be watched ten times a second.
  ///
  /// - Throws: `LabError` also where a later version has changed the database since it was opened.
  package func states(
    newerThan newest: Int64, and asked: [Int64]
  ) throws -> (count: Int, newest: Int64, states: [RunState]) {
    let sql = """
      SELECT p.run_id AS run_id, coalesce(p.last_epoch, 0) AS epochs, r.message AS message,
        CASE
          WHEN r.outcome IS NOT NULL THEN r.outcome
          WHEN p.alive_until > unixepoch() THEN 'running'
          ELSE 'crashed'
        END AS status
      FROM progress AS p CROSS JOIN run AS r ON r.id = p.run_id
      WHERE p.alive_until IS NOT NULL OR p.run_id > ?
        OR p.run_id IN (SELECT value FROM json_each(?))
      ORDER BY p.run_id
      """
    let (count, last, states) = try read { db in
      let version = try SchemaUpdate.version(of: db)
      guard version <= Migrations.latest else {
        throw LabError.fromTheFuture(path, version: version, latest: Migrations.latest)
      }
      return (
        try db.value("count", of: "progress", "runs", "SELECT count(*) AS count FROM progress")
          ?? 0,
        try db.value("newest", of: "progress", "runs", "SELECT max(run_id) AS newest FROM progress")
          ?? Int64(0),
        try db.rows(of: "progress", "a run", sql, [newest, Self.list(asked)]) { row in
          RunState(
            run: try row["run_id"], status: try row["status"], epochs: try row["epochs"],
            message: try row["message"])
        }
      )
    }
    return (
      count, last,
      try states.map { state in
        var state = state
        state.status = try settled(state.status, of: state.run)
        return state
      }
    )
  }

  /// Throws where the file is no longer the one that was opened: removed, moved, replaced, overwritten.
  package func requireInPlace() throws { try place.require() }
}

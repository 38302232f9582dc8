import GRDB
import LabSchema

/// Brings a database to the latest schema.
enum SchemaUpdate {
  /// The schema's version of a database.
  static func version(of db: Database) throws -> Int {
    try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
  }

  /// Executes migrations in the transaction that the caller has begun.
  static func apply(_ migrations: ArraySlice<Migration>, to db: Database) throws {
    for migration in migrations {
      for script in migration.scripts { try db.execute(sql: script) }
      try db.execute(sql: "PRAGMA user_version = \(migration.version)")
    }
  }

  /// Executes what an older database lacks; the caller holds the commit lock.
  static func run(on queue: DatabaseQueue) throws {
    try queue.inDatabase { db in
      try db.inTransaction(.immediate) {
        try apply(Migrations.all[version(of: db)...], to: db)
        return .commit
      }
    }
  }
}

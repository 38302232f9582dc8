import GRDB
import LabSchema

/// Brings a database to the latest schema.
enum SchemaUpdate {
  /// The schema's version of a database.
  static func version(of db: Database) throws -> Int {
    try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
  }

  /// Makes an empty file a database of the latest version, in the transaction that the caller has begun.
  static func create(in db: Database) throws {
    for script in Migrations.whole() { try db.execute(sql: script) }
    try db.execute(sql: "PRAGMA user_version = \(Migrations.latest)")
  }

  /// Executes migrations in the transaction that the caller has begun, without foreign keys: a table
  /// that is made anew must not take with it what refers to its rows.
  ///
  /// - Parameter beforeStatement: Called before each statement of a migration and each run's settings.
  static func apply(
    _ migrations: ArraySlice<Migration>, to db: Database, beforeStatement: () throws -> Void = {}
  ) throws {
    for migration in migrations {
      try execute(migration.scripts(), in: db, beforeStatement)
      if migration.version == 2 {
        try SettingsInsertion.insertAll(into: db, beforeEach: beforeStatement)
      }
      try beforeStatement()
      try db.execute(sql: "PRAGMA user_version = \(migration.version)")
    }
  }

  /// Executes what an older database lacks, all of it or nothing; the caller holds the commit lock.
  static func run(on connection: Connection, beforeStatement: () throws -> Void = {}) throws {
    try connection.inDatabase { db in
      try db.execute(sql: "PRAGMA foreign_keys = OFF")
      try db.inTransaction(.immediate) {
        try apply(Migrations.all[version(of: db)...], to: db, beforeStatement: beforeStatement)
        return .commit
      }
    }
  }

  /// Lets a connection that only reads see an older database as one of the latest version.
  static func showAsLatest(on connection: Connection) throws {
    try connection.inDatabase { db in
      try db.inTransaction(.deferred) {
        let version = try version(of: db)
        try execute(Migrations.all[version - 1].reading(), in: db) {}
        if version < 2 { try SettingsInsertion.insertAll(into: db) {} }
        return .commit
      }
    }
  }

  private static func execute(
    _ scripts: [String], in db: Database, _ beforeStatement: () throws -> Void
  ) throws {
    for script in scripts {
      let statements = try db.allStatements(sql: script)
      while let statement = try statements.next() {
        try beforeStatement()
        try statement.execute()
      }
    }
  }
}

import Crypto
import GRDB
import LabFormats
import LabSchema

/// What a file says that it is made of, beside what the migrations write: ours is there, byte for
/// byte, and nobody else's trigger or index acts upon it.
///
/// A view in the place of ours could answer anything, or never; a trigger could delete what is stored.
struct SchemaCheck {
  /// A row of `sqlite_schema`.
  private struct Entry: Hashable {
    let type, name, table: String
    let sql: String?

    /// Whether the text makes what the row says it does: SQLite goes by the text.
    var isWhatItSays: Bool {
      guard let sql else { return true }
      let start = sql.uppercased()
      return switch type {
      case "table": start.hasPrefix("CREATE TABLE ") || start.hasPrefix("CREATE VIRTUAL TABLE ")
      case "index": start.hasPrefix("CREATE INDEX ") || start.hasPrefix("CREATE UNIQUE INDEX ")
      case "view": start.hasPrefix("CREATE VIEW ")
      case "trigger": start.hasPrefix("CREATE TRIGGER ")
      default: false
      }
    }

    /// What ANALYZE keeps.
    static let statistics = [
      "CREATE TABLE sqlite_stat1(tbl,idx,stat)",
      "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)",
    ]
  }

  private let db: Database
  private let entries: [Entry]

  /// Reads the schema of an open database.
  init(_ db: Database) throws {
    self.db = db
    entries = try Self.entries(of: db)
  }

  /// What is not as version `version` has it, each named: `view runs was changed`; nothing where all is.
  func differences(from version: Int) throws -> [String] {
    guard Self.hash(entries) != Migrations.all[version - 1].schemaHash else { return [] }
    let expected = try Self.entries(ofVersion: version)
    let here = Set(entries)
    let names = Set(entries.map { $0.name.lowercased() })
    let lost = expected.filter { !here.contains($0) }.map { entry in
      "\(entry.type) `\(entry.name)` "
        + (names.contains(entry.name.lowercased()) ? "was changed" : "is missing")
    }
    return try lost + additions(to: expected)
  }

  /// The version whose schema this is; nil where it is none of ours.
  func version() throws -> Int? {
    let likely = Migrations.all.reversed().map(\.version)
    let names = Set(entries.map(\.name))
    guard names.contains("run"), names.contains("recording") else { return nil }
    return try likely.first { try differences(from: $0).isEmpty }
  }

  /// The triggers and indexes of others that act upon our tables. Their tables and views are their own.
  private func additions(to expected: [Entry]) throws -> [String] {
    let ours = Set(expected)
    let others = entries.filter { !ours.contains($0) }
    let known = Set(expected.map { $0.name.lowercased() })
    let here = Set(entries.map { $0.name.lowercased() })
    let tables = expected.filter { $0.type == "table" && here.contains($0.name.lowercased()) }
      .map(\.name)
    var found = others.filter { entry in
      !entry.isWhatItSays
        || ["trigger", "index"].contains(entry.type) && known.contains(entry.table.lowercased())
          && !known.contains(entry.name.lowercased())
    }.map { "\($0.type) `\($0.name)` on \($0.table)" }
    // What `sqlite_schema` says of a table is not what SQLite goes by: that is the text behind it.
    if others.contains(where: { $0.type == "trigger" }) {
      for table in tables {
        found += try triggers(of: table).filter { !known.contains($0.lowercased()) }
          .map { "trigger `\($0)` on \(table)" }
      }
    }
    if others.contains(where: { $0.type == "index" }) {
      for table in tables {
        found += try String.fetchAll(
          db, sql: "SELECT name FROM pragma_index_list(?) WHERE origin = 'c'", arguments: [table]
        ).filter { !known.contains($0.lowercased()) }.map { "index `\($0)` on \(table)" }
      }
    }
    let each = found.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return each.map { "\($0) was added" }
  }

  /// The triggers that run when rows of a table come, change or go, also those of tables whose rows go
  /// with them. SQLite names each in the program that it makes of a statement.
  private func triggers(of table: String) throws -> [String] {
    let columns = try db.columns(in: table).map { "\"\($0.name)\" = \"\($0.name)\"" }
    let statements = [
      "DELETE FROM \(table)", "INSERT INTO \(table) DEFAULT VALUES",
      "UPDATE \(table) SET \(columns.joined(separator: ", "))",
    ]
    let mark = "-- TRIGGER "
    return try statements.flatMap { statement in
      try Row.fetchAll(db, sql: "EXPLAIN \(statement)").compactMap { row in
        String.fromDatabaseValue(row["p4"])
      }.filter { $0.hasPrefix(mark) }.map { String($0.dropFirst(mark.count)) }
    }
  }
}

// MARK: The schema as it is, and as it should be

extension SchemaCheck {
  /// Everything in the schema but the statistics that ANALYZE keeps, in an order of its own: a restored
  /// dump has another than a database that was migrated.
  private static func entries(of db: Database) throws -> [Entry] {
    let rows = try Row.fetchAll(
      db, sql: "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name")
    return rows.compactMap { row in
      // A schema that was written to by hand may have anything here.
      let text = { (column: Int) in String.fromDatabaseValue(row[column]) }
      let sql = text(3)
      if text(0) == "table", let sql, Entry.statistics.contains(sql) { return nil }
      return Entry(type: text(0) ?? "", name: text(1) ?? "", table: text(2) ?? "", sql: sql)
    }
  }

  /// The schema that the migrations up to a version make.
  private static func entries(ofVersion version: Int) throws -> [Entry] {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    return try Connection(":memory:", configuration).inDatabase { db in
      try SchemaUpdate.apply(Migrations.all[..<version], to: db)
      return try entries(of: db)
    }
  }

  private static func hash(_ entries: [Entry]) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(1 << 16)
    for entry in entries {
      for text in [entry.type, entry.name, entry.table, entry.sql ?? ""] {
        bytes += text.utf8
        bytes.append(0)
      }
    }
    return SHA256.hash(data: bytes).hexadecimal
  }

  /// The hash that a version's schema has: see ``Migration/schemaHash``.
  static func hash(ofVersion version: Int) throws -> String {
    hash(try entries(ofVersion: version))
  }
}

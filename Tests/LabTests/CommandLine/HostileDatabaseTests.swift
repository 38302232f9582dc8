import Foundation
import Testing

/// Databases that somebody has damaged or written by hand: every reading command answers, or ends with
/// one clear error, soon and in little memory; none ends by a signal.
///
/// The suite takes a small sample; `Scripts/fuzz-databases` sets the numbers and the seed for a campaign.
@Suite struct HostileDatabaseTests {
  private static func number(_ name: String, default number: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap(Int.init) ?? number
  }

  @Test func `no edited database ends a command by a signal`() throws {
    let seed = Self.number(
      "LSTM_LAB_FUZZ_SEED", default: Int(UInt32.random(in: 0...UInt32.max)))
    let count = Self.number("LSTM_LAB_FUZZ_COUNT", default: 24)
    let each = Self.number("LSTM_LAB_FUZZ_COMMANDS", default: 4)
    let isCampaign = count > 1_000
    let tally = try HostileDatabases(seed: UInt64(seed)).run(
      count, commandsEach: each > 0 ? each : nil)
    let summary = "seed \(seed), \(count) databases: \(tally.text)"
    if isCampaign { FileHandle.standardError.write(Data("\(summary)\n".utf8)) }
    #expect(tally.failures.isEmpty, "\(summary)\n\(tally.failures.joined(separator: "\n"))")
    #expect(tally.commands >= count)
  }

  @Test func `no edited database ends the server`() throws {
    let seed = Self.number(
      "LSTM_LAB_FUZZ_SEED", default: Int(UInt32.random(in: 0...UInt32.max)))
    let count = Self.number("LSTM_LAB_FUZZ_SERVED", default: 12)
    let tally = try HostileDatabases(seed: UInt64(seed)).serve(count)
    let summary = "seed \(seed), \(count) databases served: \(tally.text)"
    if count > 1_000 { FileHandle.standardError.write(Data("\(summary)\n".utf8)) }
    #expect(tally.failures.isEmpty, "\(summary)\n\(tally.failures.joined(separator: "\n"))")
  }

  @Test func `what others add under names of their own is left alone`() throws {
    let place = try HostileDatabases.workplace()
    _ = try place.sqlite(
      """
      CREATE TABLE mine (a, run_id REFERENCES run(id)); CREATE INDEX mine_a ON mine(a);
      CREATE VIEW my_runs AS SELECT run_id, name FROM runs;
      CREATE TABLE log (a); CREATE TRIGGER mine_added AFTER INSERT ON mine BEGIN
        INSERT INTO log VALUES (new.a); END;
      ANALYZE
      """)
    for command in ["runs", "show 1", "resume 1 --epochs 5 -q", "verify 1"] {
      #expect(try place.shell("exec \"$LAB\" \(command)").status == 0, "\(command)")
    }
  }

  struct Change: Sendable, CustomTestStringConvertible {
    let sql: String
    let told: String
    var testDescription: String { told }
  }

  static let changes = [
    Change(
      sql: """
        DROP VIEW runs; CREATE VIEW runs AS WITH RECURSIVE n(i) AS (
          SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS run_id FROM n
        """, told: "view `runs` was changed"),
    Change(sql: "DROP VIEW weights", told: "view `weights` is missing"),
    Change(
      sql: "CREATE TRIGGER t AFTER UPDATE ON run BEGIN DELETE FROM run WHERE id < new.id; END",
      told: "trigger `t` on run was added"),
    Change(sql: "CREATE INDEX i ON epoch(loss)", told: "index `i` on epoch was added"),
    Change(sql: "ALTER TABLE run ADD COLUMN extra ANY", told: "table `run` was changed"),
    Change(sql: "DROP TRIGGER recording_deleted", told: "trigger `recording_deleted` is missing"),
    // Hidden: sqlite_schema names another table than the text behind it. SQLite 3.40 sees that itself.
    Change(
      sql: """
        CREATE TABLE mine (a); CREATE TRIGGER t AFTER DELETE ON epoch BEGIN
          DELETE FROM run WHERE id < old.run_id; END;
        PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET tbl_name = 'mine' WHERE name = 't'
        """, told: "malformed database schema (t)"),
    Change(
      sql: """
        CREATE TABLE mine (a); CREATE INDEX i ON epoch(loss); PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET tbl_name = 'mine' WHERE name = 'i'
        """, told: "malformed database schema (i)"),
    // Rows of another's table that go with ours, and what happens then.
    Change(
      sql: """
        CREATE TABLE mine (run_id REFERENCES run(id) ON DELETE CASCADE);
        CREATE TRIGGER t AFTER DELETE ON mine BEGIN DELETE FROM run; END
        """, told: "trigger `t` on run was added"),
    Change(
      sql: """
        CREATE TABLE mine (a); PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET type = 'table', sql = 'CREATE TRIGGER mine AFTER DELETE ON epoch '
          || 'BEGIN DELETE FROM run; END' WHERE name = 'mine'
        """, told: "malformed database schema (mine)"),
  ]

  @Test(arguments: changes)
  func `a changed schema is refused by name, and nothing is changed`(change: Change) throws {
    let place = try HostileDatabases.workplace()
    _ = try place.sqlite(change.sql)
    let before = try place.bytes("lab.db")
    for command in ["runs", "show 1", "resume 1 --epochs 9", "query 'SELECT 1'"] {
      let outcome = try place.shell("exec \"$LAB\" \(command)")
      #expect(outcome.status == 65, "\(command): \(outcome.errors)")
      #expect(outcome.errors.contains(change.told), "\(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").count <= 2)
    }
    #expect(try place.bytes("lab.db") == before)
    let names = try place.shell("\"$LAB\" ---completion show -- positional@0 2 1 '' 2>&1")
    #expect(names.status < 128)
  }

  @Test(arguments: [
    ("tensor", "rows", "9223372036854775807"), ("tensor", "cols", "NULL"),
    ("progress", "last_epoch", "'x'"), ("epoch", "hash", "x'00'"), ("epoch", "state", "x'00'"),
    ("recording", "first_vector", "1.5"), ("activation", "units", "9223372036854775807"),
  ])
  func `a wrong cell is named`(table: String, column: String, value: String) throws {
    let place = try HostileDatabases.workplace()
    try #require(
      try HostileDatabases.set("\(column) = \(value)", of: table, where: "run_id = 1", in: place))
    var told = 0
    for command in ["show 1", "weights 1", "verify 1", "report 1 -o report"] {
      let outcome = try place.shell("exec \"$LAB\" \(command)")
      #expect(outcome.status < 70 || outcome.status == 66, "\(command): \(outcome.errors)")
      if outcome.errors.contains("the database was damaged or changed; restore a backup") {
        told += 1
      }
    }
    #expect(told > 0)
  }

  @Test func `a run that descends from itself has an end`() throws {
    let place = try HostileDatabases.workplace()
    _ = try place.sqlite(
      """
      UPDATE run SET parent_run_id = 3, parent_epoch = 2 WHERE id = 2;
      UPDATE run SET parent_run_id = 2, parent_epoch = 2 WHERE id = 3;
      DELETE FROM epoch WHERE run_id IN (2, 3) AND epoch < 3
      """)
    for command in ["verify 2", "resume 2 --from 3", "report -o report", "show 3"] {
      let outcome = try place.shell(
        "ulimit -s 8192; exec timeout -s KILL 60 \"$LAB\" \(command)")
      #expect(outcome.status < 128, "\(command): \(outcome.status)")
    }
  }
}

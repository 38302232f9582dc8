import Foundation
import LabFormats
import Testing

@testable import LabStore

/// Queries of users look and change nothing.
struct QueryTests {
  private func ask(_ lab: Laboratory, _ sql: String) throws -> ReportTable {
    var table = ReportTable(columns: [], rows: [])
    try lab.database.query(
      sql, columns: { table = ReportTable(columns: $0, rows: []) },
      row: { table.rows.append($0) })
    return table
  }

  @Test func `values come with their types`() throws {
    let lab = try Laboratory()
    let table = try ask(lab, "SELECT 1 AS a, 2.5 AS b, 'ü' AS c, x'00ff' AS d, NULL AS e; -- end")
    #expect(table.columns == ["a", "b", "c", "d", "e"])
    #expect(
      table.rows == [[.integer(1), .real(2.5), .text("ü"), .blob(Data([0, 255])), .null]])
    #expect(SQLValue.literal(Data([0, 0xA5, 255])) == "x'00a5ff'")
  }

  @Test(arguments: [
    "SELECT count(*) FROM weights", "EXPLAIN QUERY PLAN SELECT * FROM weights",
    "PRAGMA table_info(weights)", "PRAGMA user_version", "SELECT sql FROM sqlite_schema",
    "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT * FROM n",
    "SELECT value FROM runs, json_each(tags)", "SELECT sum(pgsize) FROM dbstat", "VALUES (1)",
  ])
  func `looking is allowed`(sql: String) throws {
    let lab = try Laboratory()
    try lab.recordRun(epochs: 0...1)
    #expect(try !ask(lab, sql).columns.isEmpty)
  }

  @Test(arguments: [
    ("DELETE FROM run", "DELETE FROM run is not allowed: queries only read"),
    ("UPDATE run SET name = 'x'", "UPDATE run is not allowed: queries only read"),
    ("INSERT INTO number VALUES (-1)", "INSERT INTO number is not allowed: queries only read"),
    ("DROP TABLE run", "this statement is not allowed: queries only read"),
    ("CREATE TEMP TABLE t (a)", "this statement is not allowed: queries only read"),
    ("ATTACH 'x.db' AS x", "ATTACH is not allowed: queries only read"),
    ("VACUUM INTO 'x.db'", "ATTACH is not allowed: queries only read"),
    ("PRAGMA user_version = 7", "PRAGMA user_version is not allowed: queries only read"),
    ("PRAGMA wal_checkpoint", "PRAGMA wal_checkpoint is not allowed: queries only read"),
    ("BEGIN IMMEDIATE", "a transaction is not allowed: queries only read"),
    ("UPDATE sqlite_master SET sql = ''", "table sqlite_master may not be modified"),
    ("SELECT load_extension('x')", "load_extension() is not allowed: queries only read"),
    ("EXPLAIN DELETE FROM run", "DELETE FROM run is not allowed: queries only read"),
    ("SELECT 1; SELECT 2", "there is more than one statement"),
    ("SELECT 1; DELETE FROM run", "DELETE FROM run is not allowed: queries only read"),
    ("", "the query is empty"),
    ("; ", "the query is empty"),
    (" -- nothing", "the query is empty"),
    ("SELEC 1", #"near "SELEC": syntax error"#),
    ("SELECT missing FROM runs", "no such column: missing"),
    ("SELECT \"nothing\" FROM runs", "no such column: nothing"),
  ])
  func `changing is refused`(sql: String, what: String) throws {
    let lab = try Laboratory()
    try lab.recordRun(epochs: 0...1)
    let before = try lab.ask(".dump")
    let error = #expect(throws: LabError.self) { try ask(lab, sql) }
    #expect(error?.what == what)
    #expect(error?.exitCode == 64)
    #expect(try lab.ask(".dump") == before)
  }

  @Test func `an error of the caller stops a query`() throws {
    struct Enough: Error {}
    let lab = try Laboratory()
    var rows = 0
    #expect(throws: Enough.self) {
      try lab.database.query("SELECT n FROM number", columns: { _ in }) { _ in
        rows += 1
        if rows == 3 { throw Enough() }
      }
    }
    #expect(rows == 3)
  }
}

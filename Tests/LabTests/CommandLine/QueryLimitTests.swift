import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Queries that ask for more than there is: one clear error soon, in little memory, or an end when asked for.
@Suite struct QueryLimitTests {
  private func workplace() throws -> Workplace {
    let place = try Workplace()
    try place.write(Trial(epochs: 1))
    try place.lab("run", "config.json", "-q")
    return place
  }

  /// Asks with at most so many MB of address space beside what the program takes to start.
  private func ask(
    _ sql: String, _ options: String = "", megabytes: Int, in place: Workplace
  ) throws -> Program.Outcome {
    try place.write(sql, to: "query.sql")
    return try place.shell(
      """
      ulimit -v $((1024 * \(megabytes)))
      exec timeout -s KILL 120 "$LAB" query "$(cat query.sql)" \(options)
      """)
  }

  private static let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"

  @Test(arguments: [
    "SELECT zeroblob(900000000)", "SELECT hex(zeroblob(400000000))",
    "SELECT length(randomblob(900000000))",
    "SELECT replace(hex(zeroblob(90000)), '0', hex(zeroblob(90000)))",
    "\(many), t AS (SELECT i FROM n LIMIT 1500000) SELECT group_concat(i) FROM t",
    "SELECT " + Array(repeating: "zeroblob(3000000)", count: 100).joined(separator: ", "),
    "\(many) SELECT zeroblob(1000000) FROM n", "\(many) SELECT i, i FROM n",
    "SELECT zeroblob(3200000)",
    "\(many), t AS (SELECT i FROM n LIMIT 1000) SELECT i, iif(i = 1, zeroblob(1000000), 1), 'x' FROM t",
  ])
  func `a query for more than any memory is refused`(sql: String) throws {
    let place = try workplace()
    // The program itself and the reserves of its threads take some.
    let outcome = try ask(sql, "--memory 100", megabytes: 800, in: place)
    #expect(outcome.status == 64, "\(outcome.status)")
    #expect(outcome.errors.contains(" takes too much memory: the query may take 100 MB (query)\n"))
    #expect(outcome.errors.contains("--memory 400"))
    #expect(outcome.output == "")
    if sql.hasPrefix(Self.many), !sql.contains("group_concat") {
      #expect(outcome.errors.contains("the answer as a table "))
      #expect(outcome.errors.contains("--csv"))
    }
  }

  @Test func `a limit is raised and lowered by an option`() throws {
    let place = try workplace()
    let sql = "SELECT length(hex(zeroblob(20000000)))"
    #expect(try place.lab("query", sql, "--csv", "--memory", "1000").hasSuffix("\n40000000"))
    let refused = try place.run("query", sql, "--memory", "100")
    #expect(refused.status == 64)
    #expect(
      refused.errors.hasPrefix("error: a value takes too much memory: the query may take 100 MB"))
    #expect(try place.run("query", "SELECT 1", "--memory", "1").status == 64)
    #expect(try place.run("query", "SELECT 1", "--memory", "-9223372036854775808").status == 64)
  }

  @Test func `a query that takes too long for a row is ended, and told how to have more time`()
    throws
  {
    let place = try workplace()
    for sql in [
      "\(Self.many) SELECT count(*) FROM n",
      "\(Self.many), t AS (SELECT i FROM n LIMIT 1000000000) SELECT group_concat(i % 2, '') FROM t "
        + "GROUP BY i % 1000000",
      "SELECT count(*) FROM number a, number b, number c, number d, number e",
    ] {
      for form in ["", "--csv"] {
        let outcome = try place.shell(
          "exec timeout -s KILL 60 \"$LAB\" query \"\(sql)\" --seconds 1 \(form)")
        #expect(outcome.status == 64, "\(outcome.errors)")
        #expect(
          outcome.errors.hasPrefix(
            "error: the query takes more than 1 s without a row of its answer (query)\n"))
        #expect(outcome.errors.contains("--seconds 4"))
      }
    }
    #expect(try place.run("query", "SELECT 1", "--seconds", "0").status == 64)
  }

  @Test func `a query that gives rows may go on for longer`() throws {
    let place = try workplace()
    let sql = "\(Self.many) SELECT i FROM n"
    let outcome = try place.shell(
      """
      timeout 4 "$LAB" query "\(sql)" --seconds 1 --csv >rows 2>said
      echo $?; tail -n 2 rows | wc -l
      """)
    // Its end is that of `timeout`, which is what it takes.
    #expect(outcome.output.split(separator: "\n").first == "124")
    #expect(try place.text("said") == "")
  }

  @Test func `an answer of any length is written row by row`() throws {
    let place = try workplace()
    let sql = "\(Self.many) SELECT printf('%.*c', 1000, 'x') FROM n LIMIT 30000"
    #expect(try ask(sql, "--memory 40", megabytes: 1_500, in: place).status == 64)
    for form in ["--csv", "--json"] {
      let outcome = try place.shell("\"$LAB\" query \"\(sql)\" --memory 40 \(form) | wc -c")
      #expect(Int(outcome.output.filter(\.isNumber)) ?? 0 > 30_000_000)
    }
  }

  @Test(arguments: [
    "\(many) SELECT count(*) FROM n",
    "SELECT count(*) FROM number a, number b, number c, number d, number e",
    "\(many), t AS (SELECT i FROM n LIMIT 1000000000) SELECT max(i) FROM (SELECT DISTINCT i FROM t)",
  ])
  func `a query without end is ended by a signal`(sql: String) throws {
    let place = try workplace()
    let names = try place.names()
    let process = Process()
    process.executableURL = URL(filePath: Program.path)
    process.arguments = ["query", sql]
    process.currentDirectoryURL = URL(filePath: place.path)
    process.environment = Program.environment()
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.runWithSignals()
    Thread.sleep(forTimeInterval: 1.5)
    #expect(process.isRunning)
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(process.status == 128 + SIGINT)
    #expect(try place.names() == names)
  }

  @Test(arguments: [
    "SELECT fts3_tokenizer('simple')", "SELECT fts3_tokenizer('simple', x'0000000000000000')",
    "SELECT FTS3_Tokenizer('porter')", "SELECT load_extension('x')", "ATTACH 'other.db' AS o",
    "SELECT sqlite_log(1, 'x')", "PRAGMA temp_store_directory = '.'", "PRAGMA writable_schema",
    "PRAGMA hard_heap_limit = 0", "PRAGMA trusted_schema = ON",
    "CREATE VIRTUAL TABLE f USING fts4(a)",
    "PRAGMA data_store_directory",
    "PRAGMA key = 'x'",
  ])
  func `what reaches beyond the database is refused`(sql: String) throws {
    let place = try workplace()
    let before = try place.bytes("lab.db")
    let outcome = try place.run("query", sql)
    #expect(outcome.status == 64, "\(outcome.output)")
    #expect(
      outcome.errors.contains("is not allowed: queries only read")
        || outcome.errors.contains("no such"))
    #expect(outcome.output == "")
    #expect(try place.bytes("lab.db") == before)
  }
}

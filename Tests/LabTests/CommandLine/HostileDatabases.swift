import Foundation
import Testing

/// Edits databases at random, and runs every reading command on them.
struct HostileDatabases {
  let seed: UInt64

  /// What came of it.
  struct Tally {
    var commands = 0
    var answers = 0
    var errors = 0
    var unedited = 0
    /// The errors of one database.
    var told: [String] = []
    var failures: [String] = []

    var text: String {
      "\(commands) commands, \(answers) answers, \(errors) errors, \(failures.count) failures, "
        + "\(unedited) edits that SQLite refused"
    }

    static func += (left: inout Tally, right: Tally) {
      left.commands += right.commands
      left.answers += right.answers
      left.errors += right.errors
      left.unedited += right.unedited
      left.failures += right.failures
    }
  }

  /// Every command that reads.
  static let commands = [
    "runs", "runs --json", "runs --csv --sort loss", "show 1", "show 2 --all --json", "show 3",
    "compare", "compare 1 2 --csv", "compare --group-by config",
    "compare --group-by lstm.units --json",
    "compare --baseline 1", "compare 2 3 --bits", "weights 1", "weights 2 --by-gate",
    "weights 2 --concat", "weights 1 'lstm/kernel[0,0]'", "weights 1 --gate forget --unit 0",
    "gates 1 --sample 0", "gates 2", "gates 1 --saturation", "explain 1", "explain 2",
    "predict 1", "predict 2 --json", "predict 1@2 new.npy", "evaluate 1", "evaluate 3 --csv",
    "diff 1@0 1@4", "diff 2 3", "blame 1 'lstm/kernel[0,0]'",
    "blame 3 'bidirectional/backward/recurrent_kernel[0,1]'",
    "verify 1", "verify 2", "verify 3", "verify 1 --stored-only", "bisect 1 --test true",
    "export 1 w.npz", "export 2 w.safetensors --names pytorch", "export 2 w.npz --names onnx",
    "export 1 --tensorboard events", "report -o report", "report 1 -o report-1 --weights",
    "query 'SELECT * FROM runs'", "query 'SELECT * FROM settings' --csv",
    "query 'SELECT count(*) FROM epochs' --json",
  ]

  /// A folder with a database that has some of everything, and its copy `whole.db`.
  static func workplace() throws -> Workplace {
    let place = try Workplace()
    let records =
      #""predictions":{"every":2},"activations":{"every":2,"samples":[0,3]},"weights":{"every":1}"#
    try place.write(
      Trial(epochs: 4, hasTest: true, record: records, more: #","tags":["a"],"notes":"n""#))
    try place.lab("run", "config.json", "-q")
    let layers = #"""
      [{"type":"bidirectional","layer":{"type":"gru","units":3}},{"type":"dense","units":2,"activation":"sigmoid"}]
      """#
    try place.write(Trial(name: "two", epochs: 4, layers: layers, isRagged: true, record: records))
    try place.lab("run", "config.json", "-q")
    try place.lab("resume", "2", "--from", "2", "--epochs", "4", "-q")
    try place.write(
      NPYBytes.file(shape: [2, 3, 2], values: (0..<12).map(Double.init)), to: "new.npy")
    _ = try place.sqlite("PRAGMA wal_checkpoint(TRUNCATE)")
    try FileManager.default.copyItem(atPath: place.file("lab.db"), toPath: place.file("whole.db"))
    return place
  }

  /// Edits so many databases and runs the commands on each, all or some of them.
  func run(_ count: Int, commandsEach: Int?) throws -> Tally {
    let place = try Self.workplace()
    let columns = try Self.columns(in: place)
    try #require(columns.count > 120)
    let whole = try trial("the whole one", Self.commands, in: place)
    try #require(whole.failures.isEmpty && whole.answers == Self.commands.count, "\(whole)")
    var tally = Tally()
    for number in 0..<count {
      var random = CounterRandom(seed: seed &* 1_000_003 &+ UInt64(number))
      try restore(place)
      let edit = try edit(place, columns, &random)
      if edit == nil { tally.unedited += 1 }
      let chosen =
        commandsEach.map { some in
          (0..<some).map { _ in Self.commands.randomElement(using: &random) ?? "runs" }
        } ?? Self.commands
      tally += try trial("\(number): \(edit ?? "nothing")", chosen, in: place)
      guard tally.failures.count < 200 else { break }
    }
    return tally
  }

  /// Edits so many databases, puts each into the place of the one that a server reads, and asks it everything.
  func serve(_ count: Int) throws -> Tally {
    let place = try Self.workplace()
    let columns = try Self.columns(in: place)
    let server = try LiveServer(place)
    let cookie = try server.cookie()
    let whole = try asked(server, cookie, "the whole one")
    try #require(whole.failures.isEmpty && whole.errors == 0, "\(whole)")
    var tally = Tally()
    for number in 0..<count {
      var random = CounterRandom(seed: seed &* 1_000_003 &+ UInt64(number))
      // Half of them in place, as an editor of bytes would; the server has the file open.
      if random.next() % 2 == 0 { try restore(place) } else { try restoreInPlace(place) }
      // The shell, too, may find a file that was changed under its log.
      let edit = try? edit(place, columns, &random)
      if edit == nil { tally.unedited += 1 }
      tally += try asked(server, cookie, "\(number): \(edit ?? "nothing")")
      guard server.isRunning, tally.failures.count < 20 else { break }
    }
    return tally
  }

  /// One of every kind of question that a page asks.
  private static let questions = [
    "/", "/runs/1,2,3", "/runs/2", "/api/runs", "/api/runs?sort=loss", "/api/runs?sort=name",
    "/api/runs?search=two", "/api/runs?search=loss%3C9", "/api/runs?search=units+in+(3,4)",
    "/api/states", "/api/states?runs=1,2,3,9", "/api/curves?runs=1,2,3", "/api/table?runs=1,2,3",
    "/api/run?run=1", "/api/run?run=3", "/api/history?run=1", "/api/history?run=2",
    "/api/samples?run=1&samples=0,2", "/api/samples?run=2&samples=1", "/api/film?film=weights-1",
    "/api/film?film=weights-2", "/api/frame?film=weights-1&epoch=1",
    "/api/frame?film=weights-3&epoch=4",
  ]

  private func asked(_ server: LiveServer, _ cookie: String, _ name: String) throws -> Tally {
    var tally = Tally()
    for question in Self.questions {
      tally.commands += 1
      let start = ContinuousClock.now
      let answer = try? server.get(question, cookie: cookie)
      let isLate = ContinuousClock.now - start > .seconds(30)
      switch answer?.status {
      case 200 where !isLate: tally.answers += 1
      case let status? where [404, 500, 503].contains(status) && !isLate: tally.errors += 1
      case let status: tally.failures.append("\(name): \(question): \(status ?? -1)")
      }
    }
    return tally
  }

  private func restoreInPlace(_ place: Workplace) throws {
    let handle = try FileHandle(forWritingTo: URL(filePath: place.file("lab.db")))
    defer { try? handle.close() }
    try handle.write(contentsOf: Data(try place.bytes("whole.db")))
    try handle.truncate(atOffset: handle.offset())
    if FileManager.default.fileExists(atPath: place.file("lab.db-wal")) {
      let log = try FileHandle(forWritingTo: URL(filePath: place.file("lab.db-wal")))
      try log.truncate(atOffset: 0)
      try log.close()
    }
  }

  private func restore(_ place: Workplace) throws {
    for suffix in ["", "-wal", "-shm", "-journal"] {
      try? FileManager.default.removeItem(atPath: place.file("lab.db" + suffix))
    }
    try FileManager.default.copyItem(atPath: place.file("whole.db"), toPath: place.file("lab.db"))
  }

  /// Runs commands, each with 5 seconds of the processor and 1 GB of address space.
  private func trial(_ name: String, _ commands: [String], in place: Workplace) throws -> Tally {
    let lines = commands.map { command in
      """
      ( ulimit -v 1048576; ulimit -t $SECONDS_EACH
        exec timeout -s KILL 240 "$PROGRAM" \(command) --db lab.db \
      ) >out 2>err </dev/null; printf '%s\\t%s\\n' $? "$(grep -m 1 '^error: ' err | head -c 300)"
      """
    }
    let program = ProcessInfo.processInfo.environment["LSTM_LAB_FUZZ_PROGRAM"] ?? Program.path
    let outcome = try place.shell(
      lines.joined(separator: "\n") + "\nrm -rf report report-1 events w.npz w.safetensors",
      environment: ["PROGRAM": program, "SECONDS_EACH": program == Program.path ? "60" : "5"])
    var tally = Tally()
    let answers = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
    for (command, answer) in zip(commands, answers) {
      tally.commands += 1
      let parts = answer.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
      let status = Int(parts[0]) ?? -1, error = parts.count > 1 ? String(parts[1]) : ""
      switch status {
      case 0, 1: tally.answers += 1
      case _ where [64, 65, 66, 73, 74, 75].contains(status) && error.hasPrefix("error: "):
        tally.errors += 1
        tally.told.append("\(command): \(status) \(error)")
      default: tally.failures.append("\(name): \(command): \(status) \(error)")
      }
    }
    return tally
  }
}

// MARK: Edits

extension HostileDatabases {
  struct Column {
    let table, name: String
    /// What tells the table's rows apart.
    let key: String
  }

  private static func columns(in place: Workplace) throws -> [Column] {
    let answer = try place.sqlite(
      """
      SELECT m.name, p.name, (SELECT group_concat(k.name) FROM pragma_table_info(m.name) AS k
        WHERE k.pk > 0)
      FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS p
      WHERE m.type = 'table' AND m.name NOT IN ('byte', 'float_scale', 'float_place') ORDER BY 1, p.cid
      """)
    return answer.split(separator: "\n").map { line in
      let parts = line.split(separator: "|").map(String.init)
      return Column(table: parts[0], name: parts[1], key: parts[2])
    }
  }

  private static let values = [
    "NULL", "'x'", "''", "x'00'", "x''", "1.5", "-1", "0", "1", "2", "7", "9223372036854775807",
    "-9223372036854775808", "2147483648", "4294967296", "1099511627776", "1000000", "9e999",
    "-1e308", "5e-324", "'9223372036854775807'", "'{}'", "'[]'", "char(27) || '[2J'", "char(0)",
    "zeroblob(32)", "zeroblob(4000000)", "printf('%.*c', 1000000, 'a')",
  ]

  /// Sets a column of a row past every check; false where SQLite refuses.
  static func set(
    _ assignment: String, of table: String, where condition: String, in place: Workplace
  ) throws -> Bool {
    let condition =
      table == "run" ? condition.replacing("run_id", with: "id") : condition
    let outcome = try Program.run(
      "/usr/bin/env", ["sqlite3", "-batch", "-bail", "-init", "/dev/null", "lab.db"],
      in: place.path,
      input: """
        PRAGMA ignore_check_constraints = ON; PRAGMA writable_schema = ON;
        CREATE TEMP TABLE saved AS SELECT type || name AS key, sql AS old FROM sqlite_schema;
        UPDATE sqlite_schema SET sql = replace(replace(replace(replace(replace(replace(sql,
          'STRICT, WITHOUT', 'WITHOUT'), ') STRICT', ')'), 'TEXT NOT NULL', 'TEXT'),
          'INTEGER NOT NULL', 'INTEGER'), 'REAL NOT NULL', 'REAL'), 'BLOB NOT NULL', 'BLOB')
          WHERE type = 'table';
        PRAGMA writable_schema = RESET;
        UPDATE \(table) SET \(assignment) WHERE \(condition);
        SELECT changes();
        PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET sql = (SELECT old FROM saved WHERE key = type || name);
        """)
    return outcome.status == 0 && outcome.output != "0\n"
  }

  /// Changes the database; nil where SQLite has refused.
  private func edit(
    _ place: Workplace, _ columns: [Column], _ random: inout CounterRandom
  ) throws -> String? {
    switch random.next() % 20 {
    case 0..<11: return try editCell(place, columns, &random)
    case 11..<13:
      let edits = try (0..<3).compactMap { _ in try editCell(place, columns, &random) }
      return edits.isEmpty ? nil : edits.joined(separator: ", ")
    case 13..<17: return try editBytes(place, &random)
    case 17: return try editJSON(place, &random)
    default: return try editSchema(place, &random)
    }
  }

  private func editCell(
    _ place: Workplace, _ columns: [Column], _ random: inout CounterRandom
  ) throws -> String? {
    guard let column = columns.randomElement(using: &random),
      let value = Self.values.randomElement(using: &random)
    else { return nil }
    let row = random.next() % 40
    let (table, key) = (column.table, column.key)
    let condition = """
      (\(key)) = (SELECT \(key) FROM \(table) LIMIT 1
        OFFSET \(row) % max(1, (SELECT count(*) FROM \(table))))
      """
    let isDone = try Self.set("\(column.name) = \(value)", of: table, where: condition, in: place)
    return isDone ? "\(table).\(column.name) of row \(row) = \(value)" : nil
  }

  private func editBytes(_ place: Workplace, _ random: inout CounterRandom) throws -> String {
    var bytes = try place.bytes("lab.db")
    let count = Int(random.next() % 12)
    var places: [Int] = []
    switch random.next() % 4 {
    case 0:  // a block
      let start = Int(random.next() % UInt64(bytes.count))
      let end = min(bytes.count, start + 1 << (count + 1))
      let fill = random.next() % 2 == 0 ? 0 : UInt8(truncatingIfNeeded: random.next())
      for index in start..<end { bytes[index] = fill }
      places = [start, end]
    case 1 where count > 6:  // the end
      let length = Int(random.next() % UInt64(bytes.count - 100)) + 100
      bytes.removeSubrange(length...)
      places = [length]
    default:
      for _ in 0...count {
        // Half of them in the headers of pages, where SQLite itself looks.
        let page = Int(random.next() % UInt64(bytes.count / 16_384)) * 16_384
        let index =
          random.next() % 2 == 0
          ? page + Int(random.next() % 200) : Int(random.next() % UInt64(bytes.count))
        bytes[index] = UInt8(truncatingIfNeeded: random.next())
        places.append(index)
      }
    }
    try place.write(bytes, to: "lab.db")
    return "bytes at \(places)"
  }

  private func editJSON(_ place: Workplace, _ random: inout CounterRandom) throws -> String? {
    let (table, column) = [("run", "config"), ("epoch", "state"), ("run", "tags")][
      Int(random.next() % 3)]
    let old = try place.sqlite("SELECT \(column) FROM \(table) ORDER BY random() LIMIT 1")
    var characters = Array(old)
    guard !characters.isEmpty else { return nil }
    let digits = characters.indices.filter { characters[$0].isNumber }
    let number =
      ["9223372036854775807", "-1", "0", "1e308", "1000000000", "1.5", "null", "[]"]
      .randomElement(using: &random) ?? "0"
    if let place = digits.randomElement(using: &random), random.next() % 3 > 0 {
      characters.replaceSubrange(place...place, with: Array(number))
    } else {
      characters.remove(at: Int(random.next() % UInt64(characters.count)))
    }
    let text = String(characters).replacing("'", with: "''")
    let isDone = try Self.set(
      "\(column) = '\(text)'", of: table,
      where: "\(column) = '\(old.replacing("'", with: "''"))'", in: place)
    return isDone ? "\(table).\(column) = \(text.prefix(3000))" : nil
  }

  private static let schemaEdits = [
    """
    DROP VIEW runs; CREATE VIEW runs AS WITH RECURSIVE n(i) AS (
      SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS run_id FROM n
    """,
    "DROP VIEW $V", "DROP TABLE $T", "ALTER TABLE $T ADD COLUMN extra ANY",
    "CREATE TRIGGER planted AFTER UPDATE ON run BEGIN DELETE FROM run WHERE id < new.id; END",
    "CREATE TRIGGER planted BEFORE INSERT ON $T BEGIN SELECT raise(IGNORE); END",
    "CREATE INDEX planted ON epoch(loss)",
    "CREATE TABLE mine (a); CREATE VIEW my_view AS SELECT * FROM runs; ANALYZE",
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'NULL', '') WHERE name = '$T'",
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = $N WHERE name = '$T'",
    """
    PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = (
      SELECT rootpage FROM sqlite_schema WHERE name = '$U') WHERE name = '$T'
    """,
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET type = 'x' WHERE name = '$T'",
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET name = 'x' WHERE name = '$T'",
    "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = '$T'",
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = NULL WHERE name = '$V'",
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = x'00ff' WHERE name = '$V'",
    "UPDATE run SET parent_run_id = id, parent_epoch = 1 WHERE id = 1 + $N % 3",
    "UPDATE run SET parent_run_id = 4 - id, parent_epoch = 2",
    "DELETE FROM $T", "DELETE FROM $T WHERE rowid % 3 = $N % 3",
    """
    INSERT INTO number WITH RECURSIVE n(i) AS (SELECT 256 UNION ALL SELECT i + 1 FROM n LIMIT 300000)
      SELECT i FROM n
    """,
    "UPDATE split SET samples = 1000000000000, outputs = 1000000000000",
    "UPDATE vector SET data = zeroblob(40000000) WHERE id = 1 + $N % 40",
    "INSERT INTO metric SELECT run_id, epoch, 'train', '$T' || epoch, 1e308 FROM epoch",
    "UPDATE metric SET value = 1e308; UPDATE epoch SET loss = -1e308 * (epoch % 2), val_loss = 9e999",
    "UPDATE class SET name = printf('%.*c', 1000000, 'x')", "PRAGMA user_version = $N",
    "PRAGMA application_id = $N", "VACUUM; PRAGMA journal_mode = DELETE",
  ]

  private func editSchema(_ place: Workplace, _ random: inout CounterRandom) throws -> String? {
    let tables = [
      "run", "tensor", "epoch", "metric", "gate_stat", "vector", "recording", "split", "number",
    ]
    let views = ["runs", "epochs", "metrics", "weights", "gate_stats", "tensors", "predictions"]
    guard let pattern = Self.schemaEdits.randomElement(using: &random),
      let table = tables.randomElement(using: &random),
      let other = tables.randomElement(using: &random),
      let view = views.randomElement(using: &random)
    else { return nil }
    let sql = pattern.replacing("$T", with: table).replacing("$U", with: other)
      .replacing("$V", with: view).replacing("$N", with: "\(random.next() % 60)")
    return (try? place.sqlite(sql)) == nil ? nil : sql
  }
}

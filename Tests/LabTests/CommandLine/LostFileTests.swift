import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Others take the database away, or put something else in its place, while a run is recorded: the run
/// ends with an error, what was stored is whole, and nothing is written to what stands there now.
@Suite struct LostFileTests {
  struct Deed: CustomTestStringConvertible, Sendable {
    let script: String
    /// What has become of the database, as the error says it.
    let what: String
    /// The same between two commands of the script, when it may be looked at as well.
    var between: String?
    /// Where the run is afterwards.
    var home = "here/lab-rescued.db"
    /// Where the other database is afterwards, besides `here/other.db`, if it is still there.
    var others: [String] = []
    /// Whether the run may begin anew with what was in memory: pages that are not in the log are nowhere
    /// else.
    var isCut = false
    /// Whether it takes the log's pages away, and nothing where there are none.
    var isOfLog: Bool { what == "left with a log that was cut" }
    var testDescription: String { script }
  }

  static let deeds = [
    Deed(script: "rm here/lab.db", what: "removed", others: ["here/other.db"]),
    Deed(script: "rm here/lab.db*", what: "removed", others: ["here/other.db"]),
    Deed(script: "mv here/lab.db here/moved.db", what: "moved", home: "here/moved.db"),
    Deed(script: "mv here there", what: "moved", home: "there/lab.db", others: ["there/other.db"]),
    Deed(script: "ln here/lab.db here/twin.db; rm here/lab.db", what: "moved"),
    Deed(
      script: "mv here/other.db here/lab.db", what: "replaced by another file",
      others: ["here/lab.db"]),
    Deed(
      script: "mv here/lab.db here/old.db; mv here/other.db here/lab.db",
      what: "replaced by another file", between: "moved", home: "here/old.db",
      others: ["here/lab.db"]),
    Deed(
      script: "ln -f here/other.db here/lab.db", what: "replaced by another file",
      others: ["here/lab.db", "here/other.db"]),
    Deed(
      script: "cp here/other.db here/lab.db", what: "overwritten",
      // On a slow machine the log has begun anew by then, and what it had moved is nowhere else.
      others: ["here/lab.db", "here/other.db"], isCut: true),
    Deed(script: "rm here/lab.db-wal", what: "left without its log", others: ["here/other.db"]),
    Deed(
      script: "truncate -s 0 here/lab.db-wal", what: "left with a log that was cut",
      others: ["here/other.db"], isCut: true),
    Deed(script: ": > here/lab.db-wal", what: "left with a log that was cut", isCut: true),
    Deed(script: "truncate -s 0 here/lab.db", what: "overwritten", isCut: true),
    Deed(script: "truncate -s -65536 here/lab.db", what: "overwritten", isCut: true),
    Deed(
      script: "dd if=/dev/urandom of=here/lab.db bs=4096 seek=3 count=40 conv=notrunc 2>dd",
      what: "overwritten", isCut: true),
  ]

  /// Starts a run that is too long for any test, and another database beside its own.
  private func begin(_ place: Workplace) throws -> (program: LiveProgram, stored: Int) {
    try place.write(Trial(epochs: 1_000_000), to: "long.json")
    try place.write(Trial(seed: 9), to: "other.json")
    _ = try place.shell("mkdir here")
    try place.lab("run", "other.json", "-q", "--db", "here/other.db")
    let program = try LiveProgram(["run", "long.json", "-q", "--db", "here/lab.db"], in: place)
    while try place.run("show", "1", "--db", "here/lab.db").status != 0 {}
    var stored = 0
    while stored < 20 { stored = try lastEpoch(place, "here/lab.db") }
    return (program, stored)
  }

  private func lastEpoch(_ place: Workplace, _ database: String) throws -> Int {
    Int(try place.sqlite(".timeout 9000\nSELECT max(epoch) FROM epochs", database: database)) ?? 0
  }

  /// Stops a run at a moment at which its log has pages that are not on their way into the database: a log
  /// without any may be cut, and nothing is lost.
  private func stop(_ program: LiveProgram, in place: Workplace) throws {
    for _ in 0..<1_000 {
      program.send(SIGSTOP)
      // https://www.sqlite.org/walformat.html: mxFrame and nBackfillAttempted.
      let numbers = try place.shell(
        "od -An -v -tu4 -j16 -N4 here/lab.db-shm; od -An -v -tu4 -j128 -N4 here/lab.db-shm")
      let frames = numbers.output.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
      if frames.count == 2, frames[0] > frames[1] { return }
      program.send(SIGCONT)
      usleep(2_000)
    }
    throw Program.Failure(description: "the log never has a page")
  }

  @Test(arguments: deeds)
  func `a run whose database is taken away says so and is saved`(deed: Deed) throws {
    let place = try Workplace()
    let (program, stored) = try begin(place)
    if deed.isOfLog { try stop(program, in: place) }
    #expect(try place.shell(deed.script).status == 0)
    program.send(SIGCONT)
    let end = try program.finish()
    #expect(end.status == 74)
    #expect(end.output == "")
    let home = place.file(deed.home)
    let what = deed.between.flatMap { end.errors.contains(" was \($0) ") ? $0 : nil } ?? deed.what
    #expect(
      end.errors == """
        error: the database was \(what) while run 1 was being stored (\(place.file("here/lab.db")))
          it is saved in \(home); go on with: lstm-lab resume 1 --db \(home)
        """)
    for other in deed.others {
      #expect(
        try place.sqlite(
          "PRAGMA integrity_check; SELECT seed, status, epochs FROM runs", database: other)
          == "ok\n9|completed|6")
    }
    try expectSaved(place, deed, stored: stored)
  }

  /// The saved run has every epoch that was stored, to the bit, and can be gone on with.
  private func expectSaved(_ place: Workplace, _ deed: Deed, stored: Int) throws {
    let integrity = try place.sqlite(
      "PRAGMA integrity_check; SELECT status FROM runs", database: deed.home)
    #expect(integrity == "ok\nfailed")
    let last = try lastEpoch(place, deed.home)
    #expect(last >= stored)
    let goal = last + 10
    try place.lab("resume", "1", "--epochs", "\(goal)", "-q", "--db", deed.home)
    try place.write(Trial(epochs: goal), to: "whole.json")
    try place.lab("run", "whole.json", "-q", "--db", "whole.db")
    let hashes = try place.hashes(of: "1", database: deed.home)
    let isWhole = hashes.count == goal + 1
    #expect(deed.isCut || isWhole)
    #expect(
      try hashes == place.hashes(of: "1", database: "whole.db").suffix(hashes.count))
    // What a run that begins anew does not have is not thrown away.
    if !isWhole { #expect(try place.shell("ls here/lab.db-lost-wal").status == 0) }
  }

  /// A deed in the middle of a checkpoint.
  struct Moment: CustomTestStringConvertible, Sendable {
    let script: String
    /// Which of the pages that are moved comes next.
    let page: Int
    /// Whether all that the deed destroys is in the log as well.
    var isInLog = true
    var testDescription: String { "\(script) before page \(page)" }
  }

  /// The log is moved when it has a thousand pages; the file has some thirty when it is made.
  static let moments =
    [2, 3].map { Moment(script: cut, page: $0, isInLog: false) }
    + ([40, 41, 500, 990] + (0..<4).map { _ in Int.random(in: 40..<990) }).map {
      Moment(script: cut, page: $0)
    } + [
      Moment(script: ": > here/lab.db", page: 40, isInLog: false),
      Moment(script: "cp here/other.db here/lab.db", page: 40),
    ]
  private static let cut = "truncate -s -65536 here/lab.db"

  /// The file changes then anyway; it must be seen all the same that something else has changed it, also
  /// where SQLite makes it as long again as it was.
  @Test(
    .enabled(if: LimitTests.canPreload, "there is no C compiler"), arguments: moments)
  func `a database that is overwritten while pages are moved into it is noticed`(
    moment: Moment
  ) throws {
    let place = try Workplace()
    try place.makeFaults()
    try place.write(Trial(epochs: 1_000_000), to: "long.json")
    try place.write(Trial(seed: 9), to: "other.json")
    _ = try place.shell("mkdir here")
    try place.lab("run", "other.json", "-q", "--db", "here/other.db")
    let end = try LiveProgram(
      ["run", "long.json", "-q", "--db", "here/lab.db"], in: place,
      environment: place.fault(
        "do", at: moment.page, of: ",pwrite,", on: "/lab.db", doing: moment.script)
    ).finish()
    #expect(try place.wasReached())
    #expect(end.status == 74)
    #expect(
      end.errors.hasPrefix("error: the database was overwritten while run 1 was being stored ("))
    let home = "here/lab-rescued.db"
    #expect(try place.sqlite("PRAGMA integrity_check", database: home) == "ok")
    let goal = try lastEpoch(place, home) + 3
    try place.lab("resume", "1", "--epochs", "\(goal)", "-q", "--db", home)
    try place.write(Trial(epochs: goal), to: "whole.json")
    try place.lab("run", "whole.json", "-q", "--db", "whole.db")
    let (saved, whole) = try (
      place.hashes(of: "1", database: home), place.hashes(of: "1", database: "whole.db")
    )
    #expect(saved == whole.suffix(saved.count))
    // On a slow machine transactions are small, and so many pages make more than one log.
    let isFirstLog = try place.bytes("here/lab.db-lost-wal")[12..<16].allSatisfy { $0 == 0 }
    #expect(!moment.isInLog || !isFirstLog || saved.count == whole.count)
  }

  /// A transaction reads pages that are no longer there, and fails as if the database were damaged.
  @Test(.enabled(if: LimitTests.canPreload, "there is no C compiler"), arguments: [22, 26, 30])
  func `a database that is emptied in the middle of a transaction is not called damaged`(
    read: Int
  ) throws {
    let place = try Workplace()
    try place.makeFaults()
    try place.write(Trial(epochs: 1_000_000), to: "long.json")
    let end = try LiveProgram(
      ["run", "long.json", "-q"], in: place,
      environment: place.fault(
        "do", at: read, of: ",pread,", on: "/lab.db", doing: "truncate -s 0 lab.db")
    ).finish()
    #expect(try place.wasReached())
    #expect(end.status == 74, "\(end.errors)")
    #expect(end.errors.hasPrefix("error: the database was overwritten while "))
    let saved = try #require(end.errors.split(separator: " --db ").last.map(String.init))
    #expect(try place.sqlite("PRAGMA integrity_check", database: saved) == "ok")
  }

  /// What was in the file is gone, and with it the epoch that was the best.
  @Test func `a run that is saved without its best epoch goes on`() throws {
    let place = try Workplace()
    var trial = Trial(epochs: 1_000_000, hasTest: true)
    trial.controls =
      #","early_stopping":{"monitor":"loss","mode":"max","patience":1000000,"#
      + #""restore_best":true}"#
    try place.write(trial, to: "long.json")
    let program = try LiveProgram(["run", "long.json", "-q"], in: place)
    while try place.run("show", "1").status != 0 {}
    // Until the log was moved into the file for the first time.
    while try place.shell("test $(stat -c %s lab.db) -gt 4000000").status != 0 {}
    #expect(try place.shell("truncate -s 0 lab.db").status == 0)
    #expect(try program.finish().status == 74)
    let goal = try lastEpoch(place, "lab-rescued.db") + 3
    let resumed = try place.run(
      "resume", "1", "--epochs", "\(goal)", "-q", "--db", "lab-rescued.db")
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(resumed.errors.contains("the best epoch of run 1, "))
    #expect(
      try place.sqlite(
        "SELECT status, result_epoch, test_loss IS NOT NULL FROM runs", database: "lab-rescued.db")
        == "completed|\(goal)|1")
    let verified = try place.run("verify", "1", "--db", "lab-rescued.db")
    // What is lost is told; all that is there is what was stored.
    #expect(verified.status == 1)
    #expect(verified.output.contains(" whole states, all have their hashes\n"))
    let problems = verified.output.split(separator: "\n").filter { $0.hasPrefix("epoch ") }
    #expect(!problems.isEmpty)
    #expect(problems.allSatisfy { $0.hasSuffix(", epoch: is not stored") }, "\(problems)")
  }

  @Test func `the log of a killed run whose file is emptied is kept`() throws {
    let place = try Workplace()
    let (program, _) = try begin(place)
    #expect(try program.killNow().status == 128 + SIGKILL)
    #expect(
      try place.shell("test -s here/lab.db-wal && cp here/lab.db-wal log && : > here/lab.db").status
        == 0)
    try place.lab("run", "other.json", "-q", "--db", "here/lab.db")
    #expect(try place.shell("cmp log here/lab.db-lost-wal").status == 0)
    #expect(try place.sqlite("SELECT seed FROM runs", database: "here/lab.db") == "9")
  }

  @Test func `a folder that is removed takes the run to the temporary files`() throws {
    let place = try Workplace()
    let (program, stored) = try begin(place)
    #expect(try place.shell("rm -r here").status == 0)
    let end = try program.finish()
    #expect(end.status == 74)
    #expect(end.errors.hasPrefix("error: the database was removed while run 1 was being stored ("))
    let saved = try #require(end.errors.split(separator: " --db ").last.map(String.init))
    defer { _ = try? place.shell("rm \(saved) \(saved)-*") }
    #expect(!saved.hasPrefix(place.path))
    #expect(try lastEpoch(place, saved) >= stored)
    #expect(try place.sqlite("PRAGMA integrity_check", database: saved) == "ok")
  }

  /// Both have stored epochs in one database; one copy of it serves both.
  @Test func `two runs whose database is removed are saved together`() throws {
    let place = try Workplace()
    let (first, _) = try begin(place)
    let second = try LiveProgram(["run", "long.json", "-q", "--db", "here/lab.db"], in: place)
    while try place.run("show", "2", "--db", "here/lab.db").status != 0 {}
    #expect(try place.shell("rm here/lab.db").status == 0)
    for (program, run) in [(first, 1), (second, 2)] {
      let end = try program.finish()
      #expect(end.status == 74)
      #expect(
        end.errors.contains("lstm-lab resume \(run) --db \(place.file("here/lab-rescued.db"))"))
    }
    #expect(
      try place.sqlite(
        "PRAGMA integrity_check; SELECT status FROM runs", database: "here/lab-rescued.db")
        == "ok\nfailed\nfailed")
  }

  /// What a shell or `touch` does to the file is no reason to end a run.
  @Test(arguments: [
    "touch here/lab.db", "chmod 600 here/lab.db", "ln here/lab.db here/twin.db",
    """
    for n in 1 2 3 4; do sqlite3 -cmd '.timeout 9000' here/lab.db \
      'CREATE TABLE IF NOT EXISTS mine(a); INSERT INTO mine SELECT zeroblob(9000) FROM number'; done
    """,
    "sqlite3 -cmd '.timeout 9000' here/lab.db 'PRAGMA wal_checkpoint(PASSIVE)'",
    "sqlite3 -cmd '.timeout 9000' here/lab.db VACUUM",
  ])
  func `what leaves the database what it is does not end a run`(script: String) throws {
    let place = try Workplace()
    let (program, stored) = try begin(place)
    #expect(try place.shell(script + " >seen").status == 0)
    var last = 0
    while last < stored + 20, program.isRunning { last = try lastEpoch(place, "here/lab.db") }
    program.send(SIGTERM)
    let end = try program.finish()
    #expect(end.status == 128 + SIGTERM)
    #expect(try place.sqlite("PRAGMA integrity_check", database: "here/lab.db") == "ok")
    let hashes = try place.hashes(of: "1", database: "here/lab.db")
    try place.write(Trial(epochs: hashes.count - 1), to: "whole.json")
    try place.lab("run", "whole.json", "-q", "--db", "whole.db")
    #expect(try hashes == place.hashes(of: "1", database: "whole.db"))
  }

  @Test func `a database with two names is not written`() throws {
    let place = try Workplace()
    try place.write(Trial())
    try place.lab("run", "config.json", "-q")
    #expect(try place.shell("ln lab.db twin.db").status == 0)
    for database in ["lab.db", "twin.db"] {
      let refused = try place.run("run", "config.json", "-q", "--db", database)
      #expect(refused.status == 73)
      #expect(refused.errors.hasPrefix("error: the database has a second name (a hard link)"))
      #expect(try place.run("runs", "--db", database).status == 0)
    }
    #expect(try place.shell("rm twin.db").status == 0)
    #expect(try place.lab("run", "config.json", "-q") == "2")
  }

  /// A restored backup must not get the pages of the log that belongs to the file it replaces.
  @Test func `the log of a file that was replaced is not taken for the new one's`() throws {
    let place = try Workplace()
    let (program, _) = try begin(place)
    #expect(try program.killNow().status == 128 + SIGKILL)
    #expect(try place.shell("test -s here/lab.db-wal && mv here/other.db here/lab.db").status == 0)
    let refused = try place.run("run", "other.json", "-q", "--db", "here/lab.db")
    #expect(refused.status == 74)
    #expect(
      refused.errors.hasPrefix(
        "error: the log beside the database belongs to another file that was here before ("))
    let away = try #require(refused.errors.firstMatch(of: /last: (mv .*)/)).output.1
    #expect(try place.shell("\(away) && test -s here/lab.db-lost-wal").status == 0)
    #expect(try place.lab("run", "other.json", "-q", "--db", "here/lab.db") == "2")
    #expect(try place.sqlite("PRAGMA integrity_check", database: "here/lab.db") == "ok")
  }

  /// `cp` leaves the file's identity as it was, so that SQLite takes the log for its own.
  @Test(arguments: [
    "cp here/other.db here/lab.db", "cat here/other.db >here/lab.db", "cp backup.db here/lab.db",
  ])
  func `the log of a killed run is not taken for what was copied over its database`(
    script: String
  ) throws {
    let place = try Workplace()
    let (program, _) = try begin(place)
    try place.lab("backup", "backup.db", "--db", "here/lab.db")
    // Until the log has begun anew: what it had moved is in the file alone.
    while try place.shell("test $(stat -c %s here/lab.db) -gt 4000000").status != 0 {}
    try stop(program, in: place)
    #expect(try program.killNow().status == 128 + SIGKILL)
    #expect(try place.shell(script).status == 0)
    let before = try (place.bytes("here/lab.db"), place.bytes("here/lab.db-wal"))
    var advice = ""
    for command in ["runs", "show 1", "verify 1", "resume 1", "run other.json", "doctor"] {
      let refused = try place.shell("exec \"$LAB\" \(command) --db here/lab.db")
      #expect(refused.status == 74, "\(command): \(refused.output)")
      let told = try #require(
        refused.errors.wholeMatch(
          of: /error: the log beside the database belongs to .* \(.*\)\n  .*: (mv .*)\n/),
        "\(refused.errors)")
      advice = String(told.output.1)
    }
    let merged = try place.run("merge", "here/lab.db", "--db", "into.db")
    #expect(merged.status == 74 && merged.errors.contains("belongs to another file"))
    #expect(try place.bytes("here/lab.db") == before.0)
    #expect(try place.bytes("here/lab.db-wal") == before.1)
    #expect(try place.shell(advice).status == 0)
    #expect(try place.bytes("here/lab.db-lost-wal") == before.1)
    try place.lab("run", "other.json", "-q", "--db", "here/lab.db")
    #expect(try place.sqlite("PRAGMA integrity_check", database: "here/lab.db") == "ok")
    #expect(try place.sqlite("SELECT count(*) FROM runs", database: "here/lab.db") == "2")
    try place.lab("verify", "2", "--db", "here/lab.db")
  }

  /// Killed while pages were moved, and where the power failed without the index that tells of it: the
  /// file has changed, and its log fits all the same.
  @Test(
    .enabled(if: LimitTests.canPreload, "there is no C compiler"),
    arguments: [
      (5, ""), (41, ""), (500, ""), (41, "rm here/lab.db-shm"), (500, "rm here/lab.db-shm"),
    ])
  func `a log that was being moved is taken for what it is`(page: Int, script: String) throws {
    let place = try Workplace()
    try place.makeFaults()
    try place.write(Trial(epochs: 1_000_000), to: "long.json")
    _ = try place.shell("mkdir here")
    let end = try LiveProgram(
      ["run", "long.json", "-q", "--db", "here/lab.db"], in: place,
      environment: place.fault("kill", at: page, of: ",pwrite,", on: "/lab.db")
    ).finish()
    #expect(try place.wasReached())
    #expect(end.status == 128 + SIGKILL)
    #expect(try place.shell("test -s here/lab.db-wal; \(script)").status == 0)
    try place.lab("runs", "--db", "here/lab.db")
    let goal = try lastEpoch(place, "here/lab.db") + 3
    try place.lab("resume", "1", "--epochs", "\(goal)", "-q", "--db", "here/lab.db")
    try place.write(Trial(epochs: goal), to: "whole.json")
    try place.lab("run", "whole.json", "-q", "--db", "whole.db")
    #expect(
      try place.hashes(of: "1", database: "here/lab.db")
        == place.hashes(of: "1", database: "whole.db"))
  }
}

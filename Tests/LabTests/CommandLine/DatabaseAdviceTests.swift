import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is advised where a database is damaged, missing, in use or taken away: typed, it works.
@Suite struct DatabaseAdviceTests {
  /// The commands in a text, as a shell takes them.
  private static func commands(_ text: String) -> [String] {
    text.matches(of: /lstm-lab ((?:[^\n`';]|'[^']*')+)/).map {
      String($0.output.1).replacing("CONFIG", with: "config.json")
    }
  }

  private func enter(_ command: String, in place: Workplace) throws -> Program.Outcome {
    try place.shell("exec \"$LAB\" \(command)")
  }

  /// Three runs in a database whose name a shell takes apart.
  private static func library() throws -> Workplace {
    let place = try Workplace()
    try place.write(Trial(epochs: 4))
    try place.lab("run", "config.json", "-q", "--seeds", "1..3", "--db", "my lab.db")
    return place
  }

  @Test func `a database that is not there is made by what is advised`() throws {
    let place = try Self.library()
    for command in ["runs", "show 1", "resume 1", "doctor"] {
      let refused = try enter("\(command) --db 'no lab.db'", in: place)
      #expect(refused.status == 66)
      let advised = try #require(Self.commands(refused.errors).first, "\(refused.errors)")
      #expect(try enter(advised + " -q", in: place).output == "1\n")
      #expect(try enter("\(command) --db 'no lab.db'", in: place).status == 0)
      #expect(try place.shell("rm 'no lab.db'*").status == 0)
    }
  }

  @Test func `a run that is deleted while it trains is started again`() throws {
    let place = try Self.library()
    try place.write(Trial(epochs: 1_000_000), to: "long.json")
    let program = try LiveProgram(
      ["run", "long.json", "-q", "--db", "my lab.db"], in: place)
    while try place.run("show", "4", "--db", "my lab.db").status != 0 {}
    _ = try place.sqlite(
      ".timeout 9000\nPRAGMA foreign_keys = ON; DELETE FROM run WHERE id = 4",
      database: "my lab.db")
    let end = try program.finish()
    #expect(end.status == 66)
    #expect(
      end.errors.hasPrefix("error: run 4 was deleted from the database while it was being trained"))
    let advised = try #require(Self.commands(end.errors).first, "\(end.errors)")
    #expect(try enter(advised + " -q", in: place).status == 0)
    #expect(
      try place.sqlite(
        "SELECT count(*), sum(status = 'completed') FROM runs", database: "my lab.db")
        == "4|4")
  }

  @Test(.enabled(if: LimitTests.canPreload, "there is no C compiler"))
  func `a database that is moved while a command has it open is put back`() throws {
    let place = try Workplace()
    try place.makeFaults()
    try place.write(Trial(epochs: 4))
    try place.lab("run", "config.json", "-q")
    var isTold = false
    for at in 1..<60 where !isTold {
      let outcome = try place.run(
        "delete", "1", "--yes",
        environment: place.fault(
          "do", at: at, of: ",pread,", on: "/lab.db", doing: "mv lab.db away.db"))
      guard try place.wasReached() else { break }
      isTold = outcome.errors.hasPrefix("error: the database was moved while it was open (")
      #expect(!isTold || outcome.status == 74)
      #expect(try place.shell("mv -n away.db lab.db").status == 0)
      if isTold {
        #expect(
          outcome.errors.contains("  put it back where it was, and run the command again\n"))
        #expect(try place.sqlite("SELECT count(*) FROM runs") == "1")
        try place.lab("delete", "1", "--yes")
        #expect(try place.sqlite("PRAGMA integrity_check; SELECT count(*) FROM runs") == "ok\n0")
      }
    }
    #expect(isTold, "no moment was found")
  }

  /// What damages a run, and whether pages of the file are no longer what SQLite makes.
  private static let damages = [
    (
      "UPDATE vector SET data = zeroblob(8) WHERE id IN (SELECT first_vector FROM recording "
        + "WHERE run_id = 2 AND part = 'weights')", "weights 2"
    ),
    ("UPDATE epoch SET hash = x'00' WHERE run_id = 2 AND epoch = 3", "verify 2"),
    ("UPDATE run SET config = '{' WHERE id = 2", "show 2"),
    (
      "PRAGMA foreign_keys = OFF; DELETE FROM tensor WHERE run_id = 2 AND position = 2", "predict 2"
    ),
  ]

  @Test(arguments: damages.indices)
  func `what is whole of a damaged database is found and saved`(index: Int) throws {
    let place = try Self.library()
    let (damage, command) = Self.damages[index]
    _ = try place.sqlite(
      "PRAGMA ignore_check_constraints = ON; " + damage, database: "my lab.db")
    let refused = try enter("\(command) --db 'my lab.db'", in: place)
    #expect(refused.status == 65)
    let advised = try #require(Self.commands(refused.errors).first, "\(refused.errors)")
    let looked = try enter(advised, in: place)
    #expect(looked.status == 1, "\(looked.errors)")
    let merge = try #require(Self.commands(looked.output).first, "\(looked.output)")
    #expect(looked.output.contains("save the 2 other runs with: "))
    let saved = try enter(merge, in: place)
    #expect(saved.status == 0, "\(merge): \(saved.errors)")
    #expect(try place.run("doctor", "--db", "my lab-saved.db").status == 0)
    #expect(try place.sqlite("SELECT seed FROM runs", database: "my lab-saved.db") == "1\n3")
    for run in ["1", "2"] {
      #expect(try place.run("verify", run, "--db", "my lab-saved.db").status == 0)
    }
  }

  @Test func `a page of other bytes is found, and what it was part of`() throws {
    let place = try Self.library()
    let weights = try place.sqlite(
      """
      SELECT hex(substr(data, 1, 32)) FROM vector WHERE id = (SELECT first_vector FROM recording
        WHERE run_id = 2 AND epoch = 2 AND part = 'weights')
      """, database: "my lab.db")
    let size = try #require(Int(place.sqlite("PRAGMA page_size", database: "my lab.db")))
    var bytes = try place.bytes("my lab.db")
    let digits = Array(weights)
    let needle = stride(from: 0, to: 64, by: 2).compactMap {
      UInt8(String(digits[$0...$0 + 1]), radix: 16)
    }
    let first = try #require(bytes.firstRange(of: needle)).lowerBound / size * size
    for place in first..<first + size { bytes[place] = 0xA5 }
    try place.write(bytes, to: "my lab.db")
    let refused = try enter("weights 2@2 --db 'my lab.db'", in: place)
    #expect(refused.status == 65)
    let advised = try #require(Self.commands(refused.errors).first, "\(refused.errors)")
    let looked = try enter(advised, in: place)
    #expect(looked.status == 1, "\(looked.errors)")
    #expect(looked.output.contains("    2      2  state  the database is damaged ("))
    #expect(looked.output.contains("\n\nRestore a backup"))
  }
}

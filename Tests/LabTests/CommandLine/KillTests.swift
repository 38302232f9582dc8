import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `kill -9` at any moment: what was stored stays, and a resume goes on to the same bits.
@Suite struct KillTests {
  private static let trial = Trial(epochs: 1_000)

  /// Some milliseconds, for moments that nothing in the program announces.
  private func pause(atMost milliseconds: UInt64, _ random: inout CounterRandom) {
    usleep(UInt32(random.next() % (1_000 * milliseconds)))
  }

  /// Each life is killed a random number of epoch lines and a random time after its start. The
  /// run is too long for twenty lives, so every kill hits a process that is training.
  @Test func `twenty kills and resumes change no bit`() throws {
    let place = try Workplace()
    try place.write(Self.trial)
    var random = CounterRandom(seed: 20)
    for life in 1...20 {
      let start = life == 1 ? ["run", "config.json"] : ["resume", "1"]
      let program = try LiveProgram(start, in: place)
      // The first life must have been seen to store something: then its run is there to resume.
      if life == 1 { program.read(upTo: 1) }
      if life % 4 != 0 { program.read(lines: Int(random.next() % 25)) }
      pause(atMost: life == 1 ? 200 : 90, &random)
      if life == 1 { try waitUntilStored(place) }
      #expect(program.isRunning)
      let end = try program.killNow()
      #expect(end.status == 128 + SIGKILL, "life \(life) was over before: \(end.errors)")
      #expect(try place.status() == "crashed")
      #expect(try place.sqlite("PRAGMA quick_check") == "ok")
    }
    let reached = try place.sqlite("SELECT max(epoch) FROM epochs")
    #expect(try #require(Int(reached)) < 1_000)
    try place.lab("resume", "1", "-q")
    #expect(try place.status() == "completed")
    try place.lab("run", "config.json", "-q", "--db", "whole.db")
    #expect(try place.hashes(of: "1").count == 1_001)
    #expect(try place.bits(of: "1") == place.bits(of: "1", database: "whole.db"))
    #expect(try place.sqlite("PRAGMA integrity_check; PRAGMA foreign_key_check") == "ok")
  }

  /// The data are read again in every life.
  @Test(arguments: DataKind.all)
  func `kills and resumes change no bit, whatever the data are`(kind: DataKind) throws {
    let place = try Workplace()
    try kind.write(to: place, epochs: 300, layers: #"{"type":"lstm","units":4}"#)
    try place.lab("check", "config.json")
    var random = CounterRandom(seed: 22)
    for life in 1...3 {
      let start = life == 1 ? ["run", "config.json"] : ["resume", "1", "--threads", "\(life)"]
      let program = try LiveProgram(start, in: place)
      if life == 1 { program.read(upTo: 1) } else { program.read(lines: Int(random.next() % 25)) }
      pause(atMost: 60, &random)
      if life == 1 { try waitUntilStored(place) }
      let end = try program.killNow()
      #expect(end.status == 128 + SIGKILL, "life \(life) was over before: \(end.errors)")
    }
    try place.lab("resume", "1", "-q")
    try place.lab("run", "config.json", "-q", "--db", "whole.db")
    #expect(try place.hashes(of: "1").count == 301)
    #expect(try place.bits(of: "1") == place.bits(of: "1", database: "whole.db"))
  }

  private func waitUntilStored(_ place: Workplace) throws {
    while try place.run("runs").status != 0 || place.status() == "" {}
  }

  /// From the first instruction to the first epochs, the making of the database included.
  @Test func `a kill while the database is made leaves nothing half made`() throws {
    let place = try Workplace()
    try place.write(Self.trial)
    try place.write(Trial(), to: "short.json")
    var random = CounterRandom(seed: 21)
    for life in 1...12 {
      let database = "lab-\(life).db"
      let program = try LiveProgram(["run", "config.json", "--db", database], in: place)
      pause(atMost: 60, &random)
      #expect(program.isRunning)
      #expect(try program.killNow().status == 128 + SIGKILL)
      let run = try place.lab("run", "short.json", "-q", "--db", database)
      #expect(try place.hashes(of: run, database: database).count == 7)
      let others = try place.sqlite(
        "SELECT count(*) FROM runs WHERE run_id <> \(run) AND epochs IS NULL", database: database)
      #expect(others == "0", "a run without an epoch")
      #expect(try place.sqlite("PRAGMA integrity_check", database: database) == "ok")
    }
  }

  @Test func `weights of every tenth epoch: a resume goes on from the last of them`() throws {
    let place = try Workplace()
    var trial = Trial(epochs: 200)
    trial.record = #""weights":{"every":10},"optimizer":{"every":10}"#
    try place.write(trial)
    let program = try LiveProgram(["run", "config.json"], in: place)
    program.read(upTo: 47)
    while try Int(place.sqlite("SELECT max(epoch) FROM epochs")) ?? 0 < 45 {}
    #expect(try program.killNow().status == 128 + SIGKILL)
    let last = try #require(Int(try place.sqlite("SELECT max(epoch) FROM epochs")))
    let resumed = try place.run("resume", "1")
    #expect(resumed.status == 0)
    #expect(
      resumed.errors.split(separator: "\n")[0]
        == "trial: 172 parameters, 7 samples, 2 for validation, "
        + "epochs \(last / 10 * 10 + 1) to 200, 1 thread")
    #expect(try place.sqlite("SELECT count(DISTINCT epoch) FROM weights") == "21")
    try place.lab("run", "config.json", "-q")
    #expect(try place.bits(of: "1") == place.bits(of: "2"))
    #expect(try place.hashes(of: "1").count == 201)
  }
}

extension Workplace {
  /// The status of the only run as `lstm-lab runs` tells it; empty without runs.
  func status() throws -> String {
    let rows = try lab("runs", "--csv").split(separator: "\n").map { $0.split(separator: ",") }
    guard rows.count > 1, let column = rows[0].firstIndex(of: "status") else { return "" }
    return String(rows[1][column])
  }
}

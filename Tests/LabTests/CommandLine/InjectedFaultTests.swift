import Foundation
import Testing

/// Calls of the system that fail, or are a process's last: a sample of what `Scripts/torture` does.
@Suite(.enabled(if: LimitTests.canPreload, "there is no C compiler"))
struct InjectedFaultTests {
  private func begun() throws -> Workplace {
    let place = try Workplace()
    try place.makeFaults()
    try place.write(Trial(epochs: 3))
    try place.write(Trial(epochs: 9), to: "whole.json")
    try place.lab("run", "config.json", "-q")
    try place.lab("run", "whole.json", "-q", "--db", "whole.db")
    _ = try place.shell("cp lab.db kept.db")
    return place
  }

  /// Calls of the database's folder, from the first to beyond the last.
  @Test(arguments: ["kill", "torn", "EIO", "ENOSPC", "EACCES"], [false, true])
  func `whichever call fails or is the last, nothing that was stored is lost`(
    mode: String, forEver: Bool
  ) throws {
    if forEver && ["kill", "torn"].contains(mode) { return }
    let place = try begun()
    var random = CounterRandom(seed: 12)
    var number = 1
    for _ in 1...8 {
      _ = try place.shell("rm -f lab.db*; cp kept.db lab.db")
      let outcome = try place.shell(
        "exec timeout 60 \"$LAB\" resume 1 --epochs 9 -q",
        environment: place.fault(mode, at: number, forEver: forEver))
      guard try place.wasReached() else { break }
      number += 1 + Int(random.next() % 25)
      let codes: [Int32] = ["kill", "torn"].contains(mode) ? [128 + SIGKILL] : [0, 73, 74, 75, 65]
      #expect(codes.contains(outcome.status), "call \(number): \(outcome.errors)")
      // SQLite takes a page that cannot be read for damage.
      #expect(outcome.status != 65 || mode == "EIO", "\(outcome.errors)")
      #expect(outcome.status == 0 || mode == "kill" || mode == "torn" || outcome.errors != "")
      try expectNothingLost(place, isDone: outcome.status == 0)
    }
    #expect(number > 1, "no call was reached")
  }

  private func expectNothingLost(_ place: Workplace, isDone: Bool) throws {
    let whole = try place.hashes(of: "1", database: "whole.db")
    let stored = try place.hashes(of: "1")
    #expect(stored.count >= 4 && stored == Array(whole.prefix(stored.count)))
    #expect(!isDone || stored == whole)
    #expect(try place.sqlite("PRAGMA integrity_check") == "ok")
    try place.lab("resume", "1", "--epochs", "9", "-q")
    #expect(try place.hashes(of: "1") == whole)
  }

  @Test func `a database that cannot be looked at is not taken for missing`() throws {
    let place = try begun()
    for mode in ["EIO", "EACCES"] {
      for number in [1, 2, 3, 5, 8, 13, 21, 34] {
        let outcome = try place.shell(
          "exec timeout 60 \"$LAB\" run config.json -q",
          environment: place.fault(mode, at: number, of: ",stat,", on: "/lab.db", forEver: true))
        #expect(try place.wasReached())
        #expect([0, 73, 74].contains(outcome.status), "\(mode) \(number): \(outcome.errors)")
        #expect(!outcome.errors.contains("there is no such database"))
        #expect(!outcome.errors.contains("the database was "))
      }
    }
  }

  @Test func `a call that was interrupted is made again`() throws {
    let place = try begun()
    for command in ["run config.json -q", "report 1 -o report", "export 1 w.safetensors"] {
      var number = -2
      repeat {
        number += 3
        let outcome = try place.shell(
          "exec timeout 60 \"$LAB\" \(command)",
          environment: place.fault("EINTR", at: number, of: ",open,create,read,pread,write,pwrite,")
        )
        #expect(outcome.status == 0, "\(command) \(number): \(outcome.errors)")
      } while try place.wasReached() && number < 120
      #expect(number > 1)
    }
  }
}

import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A disk that takes no more: the program says so, and loses nothing that was stored.
@Suite struct FullDiskTests {
  /// Starts a run of three epochs, stored before any trouble comes.
  private func started(in place: Workplace, database: String) throws {
    try place.write(Trial(epochs: 3), to: "short.json")
    try place.write(Trial(epochs: 600), to: "whole.json")
    try place.lab("run", "short.json", "-q", "--db", database)
    try place.lab("run", "whole.json", "-q", "--db", "whole.db")
  }

  /// What must be true after a write failed: what was stored is still there, and with what was
  /// added it is the beginning of a run that was never stopped.
  private func expectWholeBeginning(_ place: Workplace, database: String) throws {
    let stored = try place.hashes(of: "1", database: database)
    #expect((4..<601).contains(stored.count))
    #expect(try stored == Array(place.hashes(of: "1", database: "whole.db").prefix(stored.count)))
    #expect(try place.sqlite("PRAGMA integrity_check", database: database) == "ok")
    // A view does not see before the lease ends that a process is gone; the program does.
    let status = try place.lab("show", "1", "--db", database).split(separator: "\n")
      .first { $0.hasPrefix("status") }?.split(separator: " ").last
    // Whether the reason can still be stored depends on the room that is left; if nothing of the
    // resume was stored, the run is as it was.
    #expect(
      ["failed", "crashed"].contains(status) || (status == "completed" && stored.count == 4))
  }

  private func expectWholeAfterResume(_ place: Workplace, database: String) throws {
    try place.lab("resume", "1", "--epochs", "600", "-q", "--db", database)
    #expect(
      try place.bits(of: "1", database: database) == place.bits(of: "1", database: "whole.db"))
    #expect(try place.sqlite("PRAGMA integrity_check", database: database) == "ok")
  }

  @Test func `a limit on the size of files ends a run with an error, not a signal`() throws {
    let place = try Workplace()
    try started(in: place, database: "lab.db")
    let outcome = try place.shell("ulimit -f 2000; exec \"$LAB\" resume 1 --epochs 600 -q")
    #expect(outcome.status == 74)
    #expect(outcome.output == "")
    #expect(
      outcome.errors == """
        error: reading or writing failed (disk I/O error) (\(place.file("lab.db")))
          check the disk; everything stored before is safe, and the run can be resumed

        """)
    try expectWholeBeginning(place, database: "lab.db")
    try expectWholeAfterResume(place, database: "lab.db")
  }

  @Test func `a limit below the size of a new database leaves no file`() throws {
    let place = try Workplace()
    try place.write(Trial())
    for blocks in [1, 16, 200] {
      let outcome = try place.shell("ulimit -f \(blocks); exec \"$LAB\" run config.json -q")
      #expect([73, 74].contains(outcome.status), "\(outcome.errors)")
      #expect(outcome.errors.hasPrefix("error: the file cannot be created or written ("))
      #expect(try place.names() == ["config.json", "lab.db-lock"])
    }
    #expect(try place.lab("run", "config.json", "-q") == "1")
  }

  @Test func `the error says how many of the epochs that were shown are stored`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 100_000), to: "whole.json")
    let outcome = try place.shell("ulimit -f 1200; exec \"$LAB\" run whole.json")
    #expect(outcome.status == 74)
    let stored = try Int(place.sqlite("SELECT max(epoch) FROM epochs")) ?? -1
    let shown = try #require(
      outcome.errors.matches(of: /\nEpoch (\d+)\/100000/).last.flatMap { Int($0.output.1) })
    let told =
      stored >= shown
      ? "every epoch up to \(shown) that was shown is stored"
      : stored < 0
        ? "none of the epochs up to \(shown) that were shown is stored"
        : "of the epochs up to \(shown) that were shown, those up to \(stored) are stored"
    #expect(
      outcome.errors.hasSuffix("the run can be resumed; \(told)\n"),
      "\(outcome.errors.suffix(300))")
    let answer = try place.shell("exec \"$LAB\" run whole.json --db /dev/full/lab.db")
    #expect(!answer.errors.contains("that were shown"))
  }

  /// Whether this process may mount a file system, and there is one that has a size.
  static let canMount: Bool = {
    #if os(Linux)
      guard getuid() == 0, let place = try? Workplace() else { return false }
      let mounted = try? place.shell("mkdir m && mount -t tmpfs -o size=64k tmpfs m && umount m")
      return mounted?.status == 0
    #else
      return false
    #endif
  }()

  @Test(.enabled(if: canMount, "a small file system can be mounted by root only"))
  func `a disk that becomes full and is made larger`() throws {
    let place = try Workplace()
    #expect(
      try place.shell("mkdir disk && mount -t tmpfs -o size=1500k tmpfs disk").status == 0)
    defer { #expect((try? place.shell("umount disk").status) == 0) }
    try started(in: place, database: "disk/lab.db")
    for command in ["resume 1 --epochs 600", "run whole.json", "resume 1 --epochs 600"] {
      let outcome = try place.shell("exec \"$LAB\" \(command) -q --db disk/lab.db")
      #expect(outcome.status == 74)
      #expect(
        outcome.errors == """
          error: the disk is full (\(place.file("disk/lab.db")))
            free some space and resume the run; everything stored before is safe

          """)
    }
    let answer = "SELECT DISTINCT epochs > 0 FROM runs"
    #expect(try place.lab("query", answer, "--csv", "--db", "disk/lab.db").hasSuffix("\n1"))
    _ = try place.shell("cat /dev/zero > disk/filler")
    let export = try place.run("export", "1@0", "disk/w.safetensors", "--db", "whole.db")
    #expect(export.status == 74)
    #expect(
      export.errors
        == "error: the disk is full (disk/w.safetensors)\n  free some space and try again\n")
    #expect(try place.shell("rm disk/filler && mount -o remount,size=50m disk").status == 0)
    _ = try place.sqlite("DELETE FROM run WHERE id > 1", database: "disk/lab.db")
    try expectWholeBeginning(place, database: "disk/lab.db")
    try expectWholeAfterResume(place, database: "disk/lab.db")
  }

  @Test(.enabled(if: canMount, "a file system can be mounted read-only by root only"))
  func `a file system that cannot be written is read`() throws {
    let place = try Workplace()
    try place.write(Trial())
    #expect(try place.shell("mkdir disk && mount -t tmpfs -o size=9m tmpfs disk").status == 0)
    defer { #expect((try? place.shell("umount disk").status) == 0) }
    try place.lab("run", "config.json", "-q", "--db", "disk/lab.db")
    #expect(try place.shell("mount -o remount,ro disk").status == 0)
    let commands = [
      "run config.json --db disk/lab.db", "run config.json --db disk/new.db",
      "resume 1 --epochs 9 --db disk/lab.db", "resume 1 --from 2 --db disk/lab.db",
      "init disk/config.json", "export 1 disk/w.safetensors --db disk/lab.db",
    ]
    for command in commands {
      let outcome = try place.shell("exec \"$LAB\" \(command)")
      #expect(outcome.status == 73, "\(command): \(outcome.errors)")
      #expect(outcome.errors.hasPrefix("error: "))
    }
    let runs = try place.lab("runs", "--csv", "--db", "disk/lab.db")
    #expect(runs.contains("1,trial,completed,6,"))
    #expect(
      try place.lab("query", "SELECT count(*) FROM weights", "--csv", "--db", "disk/lab.db")
        == "count(*)\n\(7 * 172)")
  }
}

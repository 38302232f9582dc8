import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A disk that takes no more: the program says so, and loses nothing that was stored.
@Suite struct FullDiskTests {
  private static let trial = Trial(epochs: 600)

  /// What must be true after a write failed: a whole beginning is stored, and a resume with more
  /// room ends in the bits of a run that was never stopped.
  private func expectWholeBeginning(_ place: Workplace, database: String) throws {
    let runs = try place.lab("runs", "--csv", "--db", database)
    // Whether the reason can still be stored depends on the room that is left.
    #expect(runs.contains(",failed,") || runs.contains(",crashed,"))
    let stored = try place.hashes(of: "1", database: database)
    #expect((1..<601).contains(stored.count))
    #expect(try place.sqlite("PRAGMA integrity_check", database: database) == "ok")
    try place.lab("run", "config.json", "-q", "--db", "whole.db")
    #expect(try stored == Array(place.hashes(of: "1", database: "whole.db").prefix(stored.count)))
  }

  private func expectWholeAfterResume(_ place: Workplace, database: String) throws {
    try place.lab("resume", "1", "-q", "--db", database)
    #expect(
      try place.bits(of: "1", database: database) == place.bits(of: "1", database: "whole.db"))
    #expect(try place.sqlite("PRAGMA integrity_check", database: database) == "ok")
  }

  @Test func `a limit on the size of files ends a run with an error, not a signal`() throws {
    let place = try Workplace()
    try place.write(Self.trial)
    let outcome = try place.shell("ulimit -f 2000; exec \"$LAB\" run config.json -q")
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
    try place.write(Self.trial)
    for blocks in [1, 16, 200] {
      let outcome = try place.shell("ulimit -f \(blocks); exec \"$LAB\" run config.json -q")
      #expect([73, 74].contains(outcome.status), "\(outcome.errors)")
      #expect(outcome.errors.hasPrefix("error: the file cannot be created or written ("))
      #expect(try place.names() == ["config.json", "lab.db-lock"])
    }
    #expect(try place.lab("run", "config.json", "-q") == "1")
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
    try place.write(Self.trial)
    #expect(
      try place.shell("mkdir disk && mount -t tmpfs -o size=1500k tmpfs disk").status == 0)
    defer { #expect((try? place.shell("umount disk").status) == 0) }
    for command in ["run config.json", "resume 1", "run config.json"] {
      let outcome = try place.shell("exec \"$LAB\" \(command) -q --db disk/lab.db")
      #expect(outcome.status == 74)
      #expect(
        outcome.errors == """
          error: the disk is full (\(place.file("disk/lab.db")))
            free some space and resume the run; everything stored before is safe

          """)
    }
    try expectWholeBeginning(place, database: "disk/lab.db")
    let export = try place.run("export", "1@0", "disk/w.safetensors", "--db", "disk/lab.db")
    #expect(export.status == 74)
    #expect(
      export.errors
        == "error: the disk is full (disk/w.safetensors)\n  free some space and try again\n")
    #expect(try place.shell("mount -o remount,size=50m disk").status == 0)
    try expectWholeAfterResume(place, database: "disk/lab.db")
  }
}

import Foundation
import LabFormats
import Testing

@testable import LabStore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Several processes at one database, and processes that die.
struct ProcessTests {
  /// Records a run of epochs 0…30 into a database that may not exist yet.
  private static func recordRun(_ path: String, seed: UInt64) throws {
    let database = try LabDatabase(path: path, access: .readWrite(creatingIfMissing: true))
    let writer = try database.record(Sample.description(name: "seed \(seed)"))
    for epoch in 0...30 {
      try writer.submit(Sample.record(epoch, seed: seed))
      if epoch % 5 == 0 { try writer.flush() }
    }
    try writer.finish(.completed, at: Sample.start)
    try database.close()
  }

  @Test func `eight processes record into one new database at once`() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("lab.db")
    await withTaskGroup(of: Void.self) { group in
      for seed in 1...8 as ClosedRange<UInt64> {
        group.addTask {
          await #expect(processExitsWith: .success) {
            [path = path as String, seed = seed as UInt64] in
            try Self.recordRun(path, seed: seed)
          }
        }
      }
    }
    #expect(
      try Shell.sqlite(path, "SELECT count(*), count(DISTINCT run_id) FROM epochs") == "248|8")
    #expect(try Shell.sqlite(path, "PRAGMA integrity_check; PRAGMA foreign_key_check") == "ok")
    let database = try LabDatabase(path: path, access: .readOnly)
    for run in try (1...8).map({ try database.run($0) }) {
      let seed = try #require(UInt64(run.name.dropFirst(5)))
      for epoch in 0...30 {
        let record = Sample.record(epoch, seed: seed)
        let state = try database.state(of: run.runID, at: epoch)
        #expect(state.weights == record.weights)
        #expect(state.optimizer == record.optimizer)
      }
    }
    try database.close()
  }

  @Test func `a killed process leaves a crashed run that can be resumed at once`() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("lab.db")
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let database = try LabDatabase(path: path, access: .readWrite(creatingIfMissing: true))
      let writer = try database.record(Sample.description())
      for epoch in 0...9 { try writer.submit(Sample.record(epoch)) }
      try writer.flush()
      try writer.submit(Sample.record(10))
      kill(getpid(), SIGKILL)
    }
    let database = try LabDatabase(path: path, access: .readWrite(creatingIfMissing: false))
    // While the lease still runs, only the lock tells the truth.
    let lease = "UPDATE progress SET alive_until = unixepoch() + 60; SELECT status FROM runs"
    #expect(try Shell.sqlite(path, lease) == "running")
    #expect(try database.run(1).status == "crashed")
    let last = try #require(try database.lastResumableEpoch(of: 1))
    #expect(last >= 9)
    let writer = try database.resume(database.run(1), after: last)
    try writer.submit(Sample.record(last + 1))
    try writer.finish(.completed, at: Sample.start)
    for epoch in 0...last + 1 {
      #expect(
        try database.state(of: 1, at: epoch, with: .weights).weights == Sample.record(epoch).weights
      )
    }
    try database.close()
  }

  /// A limit on the size of files fails writes as a full disk does, with another error code.
  @Test func `a write that fails ends the run and keeps what was stored`() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("lab.db")
    await #expect(processExitsWith: .exitCode(74)) { [path = path as String] in
      signal(SIGXFSZ, SIG_IGN)
      let database = try LabDatabase(path: path, access: .readWrite(creatingIfMissing: true))
      let writer = try database.record(Sample.description())
      for epoch in 0...2 { try writer.submit(Sample.record(epoch)) }
      try writer.flush()
      var limit = rlimit(rlim_cur: 2 << 20, rlim_max: 2 << 20)
      precondition(unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      do {
        for epoch in 3...5_000 {
          try writer.submit(Sample.record(epoch))
        }
        try writer.finish(.completed, at: Sample.start)
      } catch let error as LabError {
        exit(error.exitCode)
      }
    }
    let database = try LabDatabase(path: path, access: .readWrite(creatingIfMissing: false))
    // Whether the reason still fits below the limit depends on what is left of the log.
    #expect(try ["crashed", "failed"].contains(database.run(1).status))
    let last = try #require(try database.lastResumableEpoch(of: 1))
    #expect(last >= 2)
    for epoch in 0...last {
      #expect(
        try database.state(of: 1, at: epoch, with: .weights).weights == Sample.record(epoch).weights
      )
    }
    #expect(try Shell.sqlite(path, "PRAGMA integrity_check") == "ok")
    try database.close()
  }

  @Test func `a folder that cannot be written can still be read`() async throws {
    let lab = try Laboratory()
    try lab.recordRun(epochs: 0...1)
    try lab.database.close()
    unsafe chmod(lab.folder.path, 0o555)
    defer { unsafe chmod(lab.folder.path, 0o755) }
    await #expect(processExitsWith: .success) {
      [path = lab.path as String, other = lab.folder.file("other.db") as String] in
      if getuid() == 0 { precondition(setuid(65_534) == 0) }
      let reader = try LabDatabase(path: path, access: .readOnly)
      #expect(try reader.run(1).status == "completed")
      #expect(try reader.state(of: 1, at: 1, with: .weights).weights == Sample.record(1).weights)
      var answer: [SQLValue] = []
      try reader.query("SELECT count(*) FROM weights", columns: { _ in }, row: { answer = $0 })
      #expect(answer == [.integer(276)])
      for path in [path, other] {
        do {
          let writer = try LabDatabase(path: path, access: .readWrite(creatingIfMissing: true))
            .record(Sample.description())
          try writer.submit(Sample.record(0))
          try writer.finish(.completed, at: Sample.start)
          Issue.record("a read-only folder was written")
        } catch let error as LabError {
          #expect(error.kind == .cannotCreate, "\(error)")
        }
      }
    }
  }

  /// Each reads for a second, and always one of the two is in the middle: the log is never unread.
  @Test func `readers that overlap do not let the log grow without end`() throws {
    let lab = try Laboratory()
    let stop = lab.folder.file("stop")
    let script = """
      read_for_a_second() {
        until test -e '\(stop)'; do
          { echo 'BEGIN; SELECT count(*) FROM epochs;'; sleep 1; } | sqlite3 '\(lab.path)' || exit 1
        done
      }
      read_for_a_second & first=$!
      sleep 0.5
      read_for_a_second & wait $! && wait $first
      """
    let readers = Process()
    readers.executableURL = URL(fileURLWithPath: "/bin/sh")
    readers.arguments = ["-c", script]
    readers.standardOutput = FileHandle.nullDevice
    try readers.run()
    let writer = try lab.database.record(Sample.description())
    var longest = 0
    let end = ContinuousClock.now + .seconds(8)
    var epoch = 0
    var written = 0
    while ContinuousClock.now < end || written < 200 << 20 {
      var record = Sample.record(epoch)
      record.predictions = [Prediction(split: .train, values: Data(count: 2 << 20))]
      try writer.submit(record)
      written += 2 << 20
      epoch += 1
      let log = try FileManager.default.attributesOfItem(atPath: lab.path + "-wal")
      longest = max(longest, (log[.size] as? NSNumber)?.intValue ?? 0)
    }
    try writer.finish(.completed, at: Sample.start)
    _ = FileManager.default.createFile(atPath: stop, contents: nil)
    readers.waitUntilExit()
    #expect(readers.terminationStatus == 0, "a reader was refused")
    #expect(longest > 32 << 20, "the log never became long")
    #expect(longest < 96 << 20)
    #expect(try lab.ask("PRAGMA integrity_check") == "ok")
  }
}

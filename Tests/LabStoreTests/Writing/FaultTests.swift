import Foundation
import LabFormats
import Testing

@testable import LabStore

/// Disks that fill up and commits that fail: nothing stored is lost, nothing is stored twice.
struct FaultTests {
  struct Ordered: Error {}

  /// Starts a run of epochs 0…2 on a healthy disk, with faults that can be switched on.
  private func begin(_ lab: Laboratory, _ faults: CommitFaults) throws -> RunWriter {
    let writer = try lab.database.record(Sample.description(), faults: faults)
    for epoch in 0...2 { try writer.submit(Sample.record(epoch)) }
    try writer.flush()
    return writer
  }

  @Test func `a full disk ends the run and keeps what was stored`() throws {
    let lab = try Laboratory()
    let writer = try begin(
      lab,
      // SQLite takes the present size for the limit when it is asked for less.
      CommitFaults(beforeCommit: { "PRAGMA max_page_count = 1" }))
    let error = #expect(throws: LabError.self) {
      for epoch in 3...1_000 {
        var record = Sample.record(epoch)
        record.predictions = [Prediction(split: .train, values: Data(count: 1 << 20))]
        try writer.submit(record)
      }
      try writer.finish(.completed, at: Sample.start)
    }
    #expect(error == LabError.full(lab.path))
    #expect(throws: LabError.full(lab.path)) { try writer.flush() }
    let run = try writer.runID()
    #expect(try lab.database.run(run).status == "failed")
    #expect(try lab.database.run(run).message == "the disk is full")
    let last = try #require(try lab.database.lastResumableEpoch(of: run))
    #expect(try lab.database.state(of: run, at: last).weights == Sample.record(last).weights)
    #expect(try lab.ask("PRAGMA integrity_check") == "ok")
    let again = try lab.database.resume(lab.database.run(run), after: last)
    try again.submit(Sample.record(last + 1))
    try again.finish(.completed, at: Sample.start)
    #expect(try lab.database.run(run).epochs == last + 1)
    #expect(try lab.database.run(run).status == "completed")
    #expect(try lab.database.run(run).message == nil)
  }

  @Test func `a commit that failed only in appearance is found and the run goes on`() throws {
    let lab = try Laboratory()
    let failures = Counter()
    let writer = try begin(
      lab,
      CommitFaults(afterCommit: {
        failures.increment()
        throw Ordered()
      }))
    for epoch in 3...5 {
      try writer.submit(Sample.record(epoch))
      try writer.flush()
    }
    try writer.finish(.completed, at: Sample.start)
    #expect(failures.value == 5)
    #expect(try lab.ask("SELECT group_concat(epoch), count(*) FROM epochs") == "0,1,2,3,4,5|6")
    #expect(try lab.database.run(1).status == "completed")
    for epoch in 0...5 {
      #expect(
        try lab.database.state(of: 1, at: epoch, with: .weights).weights
          == Sample.record(epoch).weights)
    }
  }

  @Test func `a commit that failed in truth is not repeated`() throws {
    let lab = try Laboratory()
    let attempts = Counter()
    let writer = try begin(
      lab,
      CommitFaults(
        beforeCommit: {
          attempts.increment()
          // With a broken foreign key COMMIT itself fails.
          guard attempts.value > 1 else { return "" }
          return """
            PRAGMA defer_foreign_keys = ON;
            INSERT INTO metric VALUES (1, 999, 'train', 'orphan', 0)
            """
        }))
    try writer.submit(Sample.record(3))
    let error = #expect(throws: LabError.self) { try writer.flush() }
    #expect(error?.kind == .inputOutput)
    #expect(error?.what == "reading or writing failed (FOREIGN KEY constraint failed)")
    #expect(attempts.value == 2)
    #expect(try lab.ask("SELECT max(epoch) FROM epochs") == "2")
    #expect(try lab.ask("SELECT count(*) FROM metrics WHERE name = 'orphan'") == "0")
    #expect(try lab.ask("SELECT status, finished_at IS NULL FROM runs") == "failed|0")
  }

  @Test func `a first commit that fails leaves no run`() throws {
    let lab = try Laboratory()
    let writer = try lab.database.record(
      Sample.description(), faults: CommitFaults(beforeCommit: { throw Ordered() }))
    try writer.submit(Sample.record(0))
    #expect(throws: Ordered.self) { try writer.runID() }
    #expect(try lab.ask("SELECT count(*) FROM run UNION ALL SELECT count(*) FROM vector") == "0\n0")
  }
}

/// Counts across threads.
final class Counter: @unchecked Sendable {
  private let lock = NSLock()
  private var count = 0

  var value: Int { lock.withLock { count } }

  func increment() { lock.withLock { count += 1 } }
}

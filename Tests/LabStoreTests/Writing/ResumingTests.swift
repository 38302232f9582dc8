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

/// A run is opened again only as what it was found to be, and shows as what it is.
struct ResumingTests {
  @Test(arguments: [5, 2])
  func `a run that was trained further meanwhile keeps every epoch`(after epoch: Int) throws {
    let lab = try Laboratory()
    let run = try lab.recordRun(epochs: 0...5)
    let seen = try lab.database.run(run)
    let faster = try lab.database.resume(seen, after: 5)
    for epoch in 6...9 { try faster.submit(Sample.record(epoch)) }
    try faster.finish(.completed, at: Sample.start)
    let error = #expect(throws: LabError.self) { try lab.database.resume(seen, after: epoch) }
    #expect(error == LabError.trainedMeanwhile(run, lab.path))
    #expect(try lab.ask("SELECT max(epoch), count(*) FROM epochs") == "9|10")
    #expect(try lab.database.run(run).status == "completed")
    try lab.database.resume(lab.database.run(run), after: 9).abandon()
  }

  @Test func `a run that only ended in another way meanwhile is not opened either`() throws {
    let lab = try Laboratory()
    let run = try lab.recordRun(epochs: 0...5)
    let seen = try lab.database.run(run)
    try lab.database.resume(seen, after: 5).finish(.interrupted, at: Sample.start)
    let error = #expect(throws: LabError.self) { try lab.database.resume(seen, after: 5) }
    #expect(error?.kind == .busy)
    #expect(try lab.database.run(run).status == "interrupted")
  }

  @Test func `an epoch or a run that is gone cannot be gone on from`() throws {
    let lab = try Laboratory()
    let seen = try lab.database.run(lab.recordRun(epochs: 0...5))
    let epoch = #expect(throws: LabError.self) { try lab.database.resume(seen, after: 6) }
    #expect(epoch?.kind == .notFound)
    #expect(try lab.database.run(1) == seen)
    _ = try lab.ask("PRAGMA foreign_keys = ON; DELETE FROM run")
    let run = #expect(throws: LabError.self) { try lab.database.resume(seen, after: 5) }
    #expect(run?.what == "there is no run 1")
  }

  @Test func `a resumed run shows as running before its first epoch is stored`() throws {
    let lab = try Laboratory()
    let run = try lab.recordRun(epochs: 0...5)
    let writer = try lab.database.resume(lab.database.run(run), after: 3)
    #expect(try lab.database.run(run).status == "running")
    #expect(try lab.ask("SELECT status, finished_at IS NULL FROM runs") == "running|1")
    #expect(try lab.ask("SELECT max(epoch) FROM epochs") == "5")
    writer.abandon()
    #expect(try lab.database.run(run).status == "crashed")
    #expect(try lab.database.run(run).epochs == 5)
  }

  @Test func `a living run without a lease shows as running`() throws {
    let lab = try Laboratory()
    let writer = try lab.database.record(Sample.description())
    try writer.submit(Sample.record(0))
    try writer.flush()
    _ = try lab.ask("UPDATE progress SET alive_until = 0")
    #expect(try lab.database.run(1).status == "running")
    #expect(try lab.database.runs().rows[0][2] == .text("running"))
    try writer.finish(.completed, at: Sample.start)
  }

  @Test func `a lock file that cannot be read leaves the lease's answer`() async throws {
    let lab = try Laboratory()
    let writer = try lab.database.record(Sample.description())
    try writer.submit(Sample.record(0))
    try writer.flush()
    _ = try lab.ask("UPDATE progress SET alive_until = unixepoch() + 60")
    unsafe chmod(lab.folder.path, 0o777)
    unsafe chmod(lab.path + "-lock", 0o600)
    for suffix in ["", "-wal", "-shm"] { unsafe chmod(lab.path + suffix, 0o666) }
    await #expect(processExitsWith: .success) { [path = lab.path as String] in
      if getuid() == 0 {
        precondition(setuid(65_534) == 0)
      } else {
        unsafe chmod(path + "-lock", 0)
      }
      let reader = try LabDatabase(path: path, access: .readOnly)
      #expect(reader.isBeingTrained(1) == nil)
      #expect(try reader.run(1).status == "running")
    }
    try writer.finish(.completed, at: Sample.start)
  }

  @Test func `a run that a shell deletes ends its training with a clear message`() throws {
    let lab = try Laboratory()
    let writer = try lab.database.record(Sample.description())
    try writer.submit(Sample.record(0))
    try writer.flush()
    _ = try lab.ask("PRAGMA foreign_keys = ON; DELETE FROM run")
    try writer.submit(Sample.record(1))
    let error = #expect(throws: LabError.self) { try writer.flush() }
    #expect(error == LabError.deletedMeanwhile(1, lab.path))
    #expect(try lab.ask("SELECT count(*) FROM vector") == "0")
  }

  @Test(arguments: [true, false])
  func `the last epoch is completed at the end, stored already or not`(isStored: Bool) throws {
    let lab = try Laboratory()
    let writer = try lab.database.record(Sample.description())
    try writer.submit(Sample.record(0))
    try writer.submit(Sample.record(1, isFull: false))
    try writer.submit(Sample.record(2, isFull: false))
    if isStored { try writer.flush() }
    try writer.finish(.interrupted, at: Sample.start, completing: Sample.record(2))
    #expect(try lab.database.lastResumableEpoch(of: 1) == 2)
    let state = try lab.database.state(of: 1, at: 2)
    #expect(state.weights == Sample.record(2).weights)
    #expect(state.optimizer == Sample.record(2).optimizer)
    #expect(try lab.ask("SELECT group_concat(epoch) FROM epoch WHERE resumable") == "0,2")
    #expect(try lab.ask("SELECT count(*), sum(loss) FROM epochs") == "3|1.5")
  }

  @Test func `an end that completes its epoch is found after a failed commit`() throws {
    let lab = try Laboratory()
    let faults = CommitFaults(afterCommit: { throw FaultTests.Ordered() })
    let writer = try lab.database.record(Sample.description(), faults: faults)
    try writer.submit(Sample.record(0))
    try writer.submit(Sample.record(1, isFull: false))
    try writer.finish(.interrupted, at: Sample.start, completing: Sample.record(1))
    #expect(try lab.database.lastResumableEpoch(of: 1) == 1)
    #expect(try lab.database.run(1).status == "interrupted")
  }
}

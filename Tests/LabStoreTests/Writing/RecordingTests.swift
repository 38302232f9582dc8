import Foundation
import LabFormats
import Testing

@testable import LabStore

/// What is recorded comes back, byte for byte.
struct RecordingTests {
  @Test(arguments: [(3, 4, 2), (1, 1, 1), (5, 64, 3), (2, 65, 1), (70, 150, 10)])
  func `weights and optimizer state come back as they were`(
    inputs: Int, units: Int, outputs: Int
  ) throws {
    let lab = try Laboratory()
    let tensors = Sample.tensors(inputs: inputs, units: units, outputs: outputs)
    let run = try lab.recordRun(Sample.description(tensors: tensors), epochs: 0...2)
    for epoch in 0...2 {
      let record = Sample.record(epoch, tensors: tensors)
      let state = try lab.database.state(of: run, at: epoch)
      #expect(state.weights.map(\.count) == tensors.map { 4 * $0.count })
      #expect(state.weights == record.weights)
      #expect(state.optimizer == record.optimizer)
      #expect(state.hash == record.hash)
      #expect(state.state == record.state)
    }
    #expect(try lab.database.tensors(of: run) == tensors)
  }

  @Test func `the seed experiment has its 13938 weights in the stock shell`() throws {
    let lab = try Laboratory()
    try lab.recordRun(epochs: 0...100)
    #expect(try lab.ask("SELECT count(*) FROM weights") == "13938")
    #expect(try lab.ask("SELECT count(*) FROM epochs") == "101")
    #expect(try lab.ask("PRAGMA integrity_check; PRAGMA foreign_key_check") == "ok")
  }

  @Test func `a writer without an ending leaves a crashed run with what was stored`() throws {
    let lab = try Laboratory()
    let writer = try lab.database.record(Sample.description())
    try writer.submit(Sample.record(0))
    let run = try writer.runID()
    #expect(try lab.database.run(run).status == "running")
    #expect(lab.database.isBeingTrained(run) == true)
    #expect(try lab.ask("SELECT status FROM runs") == "running")
    try writer.submit(Sample.record(1))
    try writer.flush()
    writer.abandon()
    #expect(try lab.database.run(run).status == "crashed")
    #expect(try lab.ask("SELECT count(*) FROM epochs") == "2")
    #expect(try lab.database.lastResumableEpoch(of: run) == 1)
  }

  @Test func `an error of storing reaches the trainer and nothing of the epoch is stored`() throws {
    let lab = try Laboratory()
    let writer = try lab.database.record(Sample.description())
    try writer.submit(Sample.record(0))
    try writer.submit(Sample.record(1))
    try writer.flush()
    var record = Sample.record(2)
    record.metrics = [MetricValue(.test, "loss", 1), MetricValue(.test, "loss", 2)]
    try writer.submit(record)
    let error = #expect(throws: LabError.self) { try writer.flush() }
    let failure = try #require(error)
    #expect(failure.kind == .inputOutput)
    #expect(throws: failure) { try writer.requireHealth() }
    #expect(throws: failure) { try writer.submit(Sample.record(3)) }
    #expect(throws: failure) { try writer.finish(.completed, at: Sample.start) }
    #expect(try lab.ask("SELECT group_concat(epoch) FROM epochs") == "0,1")
    #expect(try lab.database.run(writer.runID()).status == "failed")
  }

  @Test func `epochs are stored within a moment, unasked`() async throws {
    let lab = try Laboratory()
    let writer = try lab.database.record(Sample.description())
    for epoch in 0...2 {
      try writer.submit(Sample.record(epoch))
      let deadline = ContinuousClock.now + .seconds(30)
      while try lab.ask("SELECT count(*) FROM epochs") != "\(epoch + 1)", .now < deadline {
        try await Task.sleep(for: .milliseconds(5))
      }
      #expect(try lab.ask("SELECT count(*) FROM epochs") == "\(epoch + 1)")
    }
    try writer.finish(.completed, at: Sample.start)
  }

  @Test func `a lease is renewed while nothing is stored`() async throws {
    let lab = try Laboratory()
    let writer = try lab.database.record(Sample.description())
    try writer.submit(Sample.record(0))
    try writer.flush()
    _ = try lab.ask("UPDATE progress SET alive_until = 0")
    let deadline = ContinuousClock.now + .seconds(30)
    while try lab.ask("SELECT status FROM runs") != "running", .now < deadline {
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(try lab.ask("SELECT status FROM runs") == "running")
    try writer.finish(.completed, at: Sample.start)
  }

  @Test func `no more than eight megabytes wait for the disk`() throws {
    let lab = try Laboratory()
    let writer = try lab.database.record(Sample.description())
    let records = (0...11).map { epoch in
      var record = Sample.record(epoch)
      record.predictions = [Prediction(split: .train, values: Data(count: 1 << 20))]
      return record
    }
    let lock = try FileLock(beside: lab.path)
    try lock.acquireCommit(patience: .seconds(60))
    let submitted = Counter()
    // Threads of their own: while other tests keep all of Swift's busy the lock would be held too long.
    let trained = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      for record in records where (try? writer.submit(record)) != nil { submitted.increment() }
      trained.signal()
    }
    let deadline = ContinuousClock.now + .seconds(30)
    while submitted.value < 7, .now < deadline { usleep(5_000) }
    usleep(200_000)
    #expect(submitted.value == 7)
    lock.release(.commit)
    trained.wait()
    try writer.finish(.completed, at: Sample.start)
    #expect(submitted.value == 12)
    #expect(try lab.ask("SELECT count(*) FROM epochs") == "12")
  }

  @Test func `a resume drops later epochs and goes on`() throws {
    let lab = try Laboratory()
    let run = try lab.recordRun(epochs: 0...5)
    #expect(try lab.database.run(run).bestEpoch == 3)
    let writer = try lab.database.resume(
      lab.database.run(run), after: 2, changing: RunChange(config: ("{}", "new")))
    for epoch in 3...6 {
      var record = Sample.record(epoch, seed: 2)
      record.metrics = [MetricValue(.validation, "loss", 9)]
      try writer.submit(record)
    }
    try writer.finish(.interrupted, message: "SIGINT", at: Sample.start)
    #expect(try lab.database.state(of: run, at: 2).hash == Sample.record(2).hash)
    #expect(try lab.database.state(of: run, at: 3).hash == Sample.record(3, seed: 2).hash)
    let stored = try lab.database.run(run)
    #expect(stored.epochs == 6)
    #expect(stored.status == "interrupted")
    #expect(stored.message == "SIGINT")
    #expect(stored.config == "{}")
    #expect(stored.seconds == 3.5)
    #expect(stored.bestEpoch == 2)
    #expect(stored.valLoss == 9)
    #expect(try lab.ask("SELECT count(*) FROM vector") == "\(7 * 3)")
  }

  @Test func `a run is resumed by one process at a time`() throws {
    let lab = try Laboratory()
    let run = try lab.recordRun()
    let first = try lab.database.resume(lab.database.run(run), after: 5)
    let now = try lab.database.run(run)
    let error = #expect(throws: LabError.self) { try lab.database.resume(now, after: 5) }
    #expect(error == LabError.beingTrained(run, lab.path))
    first.abandon()
    try lab.database.resume(lab.database.run(run), after: 5).abandon()
  }

  @Test func `a fork continues its parent's count`() throws {
    let lab = try Laboratory()
    let parent = try lab.recordRun()
    let fork = try lab.recordRun(
      Sample.description(name: "fork", parent: .init(run: parent, epoch: 4)), epochs: 4...6)
    let stored = try lab.database.run(fork)
    #expect(stored.parentRunID == parent)
    #expect(stored.parentEpoch == 4)
    #expect(try lab.ask("SELECT min(epoch), max(epoch) FROM epochs WHERE run_id = 2") == "4|6")
  }

  @Test func `epochs without weights are stored but cannot be resumed`() throws {
    let lab = try Laboratory()
    let writer = try lab.database.record(Sample.description())
    for epoch in 0...5 {
      try writer.submit(Sample.record(epoch, isFull: epoch % 2 == 0))
    }
    try writer.finish(.completed, at: Sample.start)
    #expect(try lab.database.lastResumableEpoch(of: 1) == 4)
    #expect(throws: LabError.self) { try lab.database.state(of: 1, at: 5) }
    #expect(throws: LabError.self) { try lab.database.state(of: 1, at: 9) }
    #expect(
      try lab.ask("SELECT group_concat(DISTINCT epoch) FROM weights WHERE row = 0") == "0,2,4")
  }

  @Test func `writers in one process take turns`() async throws {
    let lab = try Laboratory()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for seed in 1...8 {
        group.addTask {
          try lab.recordRun(
            Sample.description(name: "r\(seed)"), epochs: 0...40, seed: UInt64(seed))
        }
      }
      try await group.waitForAll()
    }
    #expect(try lab.ask("SELECT count(*), count(DISTINCT run_id) FROM epochs") == "328|8")
    for run in try (1...8).map({ try lab.database.run($0) }) {
      let seed = UInt64(run.name.dropFirst()) ?? 0
      for epoch in [0, 17, 40] {
        let state = try lab.database.state(of: run.runID, at: epoch)
        #expect(state.weights == Sample.record(epoch, seed: seed).weights)
      }
    }
  }
}

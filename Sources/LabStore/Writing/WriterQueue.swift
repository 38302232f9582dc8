import Foundation

/// Hands work from the training thread to the writer's thread, and bounds how much waits.
final class WriterQueue: @unchecked Sendable {  // all state is guarded by `condition`
  /// Makes an epoch's record from a snapshot, on the writer's thread.
  typealias Job = @Sendable () throws -> EpochRecord

  /// What the writer finds when it looks.
  struct Delivery {
    var jobs: [Job] = []
    /// When the oldest job that is not stored was handed over.
    var oldest: ContinuousClock.Instant?
    /// Whether to store at once: somebody waits for it, or much has gathered.
    var isUrgent = false
    /// Set once: no job follows.
    var ending: RunEnding?
  }

  /// What a job needs besides its numbers, in bytes, roughly.
  private static let overhead = 4_096

  private let condition = NSCondition()
  private let capacity: Int
  private var jobs: [Job] = []
  private var unstored: [(bytes: Int, since: ContinuousClock.Instant)] = []
  private var unstoredBytes = 0
  private var flushes = 0
  private var ending: RunEnding?
  private var isDone = false
  private var failure: (any Error)?

  /// Makes a queue for at most `capacity` bytes, or one job of any size.
  init(capacity: Int) { self.capacity = capacity }

  /// Takes a job; waits while too much is unstored. Throws what stopped the writer.
  func submit(bytes: Int, _ job: @escaping Job) throws {
    let bytes = bytes + Self.overhead
    try synchronised {
      precondition(ending == nil, "an epoch after the end of its run")
      while failure == nil, !unstored.isEmpty, unstoredBytes + bytes > capacity {
        condition.wait()
      }
      if let failure { throw failure }
      jobs.append(job)
      unstored.append((bytes, .now))
      unstoredBytes += bytes
      condition.broadcast()
    }
  }

  /// Waits until everything handed over so far is stored.
  func flush() throws {
    try synchronised {
      flushes += 1
      defer { flushes -= 1 }
      condition.broadcast()
      while failure == nil, !isDone, !unstored.isEmpty { condition.wait() }
      if let failure { throw failure }
    }
  }

  /// Waits until everything is stored and the run is ended.
  func end(_ ending: RunEnding) throws {
    try synchronised {
      if self.ending == nil { self.ending = ending }
      condition.broadcast()
      while !isDone { condition.wait() }
      if let failure { throw failure }
    }
  }

  /// Waits for a job, the end, a reason to hurry, or `deadline`; the writer's side.
  func next(until deadline: ContinuousClock.Instant) -> Delivery {
    synchronised {
      while jobs.isEmpty, ending == nil, !isUrgent || unstored.isEmpty {
        let pause = ContinuousClock.now.duration(to: deadline)
        guard pause > .zero else { break }
        _ = condition.wait(until: Date(timeIntervalSinceNow: pause / .seconds(1)))
      }
      defer { jobs = [] }
      return Delivery(
        jobs: jobs, oldest: unstored.first?.since, isUrgent: isUrgent, ending: ending)
    }
  }

  /// Notes that the oldest `count` jobs are stored; the writer's side.
  func stored(_ count: Int) {
    synchronised {
      unstoredBytes -= unstored.prefix(count).reduce(0) { $0 + $1.bytes }
      unstored.removeFirst(count)
      condition.broadcast()
    }
  }

  /// Notes that the writer has stopped, with the error if one stopped it; the writer's side.
  func stop(_ error: (any Error)?) {
    synchronised {
      failure = error
      isDone = true
      condition.broadcast()
    }
  }

  private var isUrgent: Bool { flushes > 0 || unstoredBytes > capacity / 2 }

  private func synchronised<Result>(_ body: () throws -> Result) rethrows -> Result {
    condition.lock()
    defer { condition.unlock() }
    return try body()
  }
}

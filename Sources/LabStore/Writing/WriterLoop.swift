/// What the writer's thread does: gather, store, keep the lease alive.
struct WriterLoop {
  /// How long an epoch may wait for others, to share one transaction with them.
  private static let gathering = Duration.milliseconds(50)

  private let queue: WriterQueue
  private let identity: RunIdentity
  private var committer: EpochCommitter
  private var records: [EpochRecord] = []
  private var deadline = ContinuousClock.now + Lease.renewal

  init(queue: WriterQueue, identity: RunIdentity, committer: EpochCommitter) {
    self.queue = queue
    self.identity = identity
    self.committer = committer
  }

  /// Works until the run ends; returns the error that ended it too early.
  mutating func run() -> (any Error)? {
    do {
      while try step() {}
      return nil
    } catch {
      committer.abandon(after: error)
      return error
    }
  }

  /// Does what is due; false once the run has ended.
  private mutating func step() throws -> Bool {
    let delivery = queue.next(until: deadline)
    if case .abandoned = delivery.ending {
      committer.abandon()
      return false
    }
    try encode(delivery.jobs)
    let due = delivery.oldest.map { $0 + Self.gathering }
    let isDue = due.map { $0 <= .now } ?? false
    if delivery.ending != nil || (!records.isEmpty && (delivery.isUrgent || isDue)) {
      try store(delivery.ending)
    } else if committer.isLeaseDue {
      committer.renewLease()
    }
    let renewal = ContinuousClock.now + Lease.renewal
    deadline = records.isEmpty ? renewal : min(due ?? renewal, renewal)
    return delivery.ending == nil
  }

  /// Makes records of snapshots; should one fail, those before it are stored nevertheless.
  private mutating func encode(_ jobs: [WriterQueue.Job]) throws {
    do {
      for job in jobs { try records.append(job()) }
    } catch {
      if !records.isEmpty { try store(nil) }
      throw error
    }
  }

  private mutating func store(_ ending: RunEnding?) throws {
    try committer.commit(records, ending: ending)
    if let run = committer.run { identity.set(run) }
    queue.stored(records.count)
    records = []
  }
}

package import Foundation
import LabFormats

/// Records the epochs of one run: a record waits in its queue until a transaction stores it.
///
/// What comes within 50 ms shares a transaction; 8 MB of records may wait, or one of any size. While a
/// writer lives, its run shows as `running`. An error that stops it is stored as the reason why the run
/// has failed, if that is still possible, and thrown to whoever submits, waits or ends.
///
/// ```swift
/// let store = try LabDatabase(path: database, access: .readWrite(creatingIfMissing: true))
/// let writer = try store.record(description)
/// for record in records { try writer.submit(record) }
/// try writer.finish(.completed, at: Date())
/// ```
package final class RunWriter: @unchecked Sendable {
  /// The run's unique name.
  package let uuid: String

  /// Bytes of records that may wait for the disk.
  static let capacity = 8 << 20
  /// How long an epoch may wait for others, to share one transaction with them.
  private static let gathering = Duration.milliseconds(50)

  /// Where transactions happen, one after the other.
  private let recorder: Worker
  /// Belongs to `recorder`.
  private var committer: EpochCommitter

  /// Guards what follows.
  private let condition = NSCondition()
  private var waiting: [(record: EpochRecord, bytes: Int, since: ContinuousClock.Instant)] = []
  private var waitingBytes = 0
  private var leaseDue = ContinuousClock.now + Lease.renewal
  private var run: Int64?
  private var stored: Int?
  private var isLost = false
  private var isEnded = false
  private var failure: (any Error)?
  private var hearer: (@Sendable (_ run: Int64, _ epoch: Int, _ isFirst: Bool) -> Void)?

  /// Starts to write; `lock` holds the run's lock already if the run is stored.
  ///
  /// - Parameter recorder: Has nothing else to do until the run has ended.
  init(
    _ start: RunStart, in database: LabDatabase, on recorder: Worker, lock: FileLock,
    faults: CommitFaults
  ) {
    self.recorder = recorder
    uuid = start.uuid
    committer = EpochCommitter(start, in: database, lock: lock, faults: faults)
    run = committer.run
    stored = committer.lastEpoch
    setAlarm()
  }

  // Nothing runs on `recorder` any more: what does so holds the writer.
  deinit { letGo() }

  /// Hands over an epoch. Returns at once unless too much waits for the disk.
  package func submit(_ record: EpochRecord) throws {
    let bytes = record.bytes
    try synchronised {
      precondition(!isEnded, "an epoch after the end of its run")
      while failure == nil, !waiting.isEmpty, waitingBytes + bytes > Self.capacity {
        condition.wait()
      }
      if let failure { throw failure }
      let wasUrgent = isUrgent
      waiting.append((record, bytes, .now))
      waitingBytes += bytes
      if waiting.count == 1 || isUrgent != wasUrgent { setAlarm() }
    }
  }

  /// Throws what has stopped the writer, if anything has.
  package func requireHealth() throws { try synchronised { if let failure { throw failure } } }

  /// Is told after each transaction with epochs which run it was of, its last epoch, and whether it was the
  /// run's first.
  package var told: (@Sendable (_ run: Int64, _ epoch: Int, _ isFirst: Bool) -> Void)? {
    get { synchronised { hearer } }
    set { synchronised { hearer = newValue } }
  }

  /// The run's number; waits until the first epoch is stored if that has not happened.
  package func runID() throws -> Int64 {
    if let run = synchronised({ run }) { return run }
    try flush()
    guard let run = synchronised({ run }) else { preconditionFailure("no epoch was submitted") }
    return run
  }

  /// The last epoch that is stored in the database as it was opened; nil before the first.
  package var storedEpoch: Int? { synchronised { stored } }

  /// Whether the database is in its place, as far as was seen; where it is not, more may be stored in a copy.
  package var isInPlace: Bool { synchronised { !isLost } }

  /// Waits until everything submitted so far is stored.
  package func flush() throws { try recorder.alone { try store() } }

  /// Stores what waits, how the run ended and what came of it, and closes the database.
  ///
  /// - Parameter record: The last epoch that was submitted, with weights and optimizer state, where it
  ///   was submitted without: then they are stored as well.
  package func finish(
    _ outcome: RunOutcome, message: String? = nil, result: RunResult = RunResult(), at date: Date,
    completing record: EpochRecord? = nil
  ) throws {
    let ending = RunEnding(
      outcome: outcome, message: message, result: result, date: date, whole: record)
    try recorder.alone { try store(ending) }
  }

  /// Lets go of the run, which then shows as crashed; what waits is lost.
  package func abandon() { recorder.alone { letGo() } }

  private func letGo() {
    guard synchronised({ !isOver }) else { return }
    committer.abandon()
    synchronised {
      isEnded = true
      recorder.stopAlarm()
    }
  }

  /// Does what is due; on `recorder`.
  private func wake() {
    let (isDue, isLeaseDue) = synchronised { (due.map { $0 <= .now } ?? false, leaseDue <= .now) }
    if isDue {
      // What stops the writer is kept, for whoever comes next.
      try? store()
    } else if isLeaseDue {
      if !committer.renewLease() { try? store(evenNothing: true) }
      synchronised { leaseDue = .now + Lease.renewal }
    }
    synchronised { if !isOver { setAlarm() } }
  }

  /// Stores what waits, and the end of the run if this is it; on `recorder`.
  private func store(_ ending: RunEnding? = nil, evenNothing: Bool = false) throws {
    try requireHealth()
    let records = synchronised { isEnded ? nil : waiting.map(\.record) }
    guard let records, !records.isEmpty || ending != nil || evenNothing else { return }
    do {
      try committer.commit(records, ending: ending)
    } catch {
      committer.abandon(after: error)
      synchronised {
        failure = error
        isLost = committer.isLost
        waiting = []
        recorder.stopAlarm()
        condition.broadcast()
      }
      throw error
    }
    let (hearer, isFirst) = synchronised {
      let isFirst = run == nil
      waitingBytes -= waiting.prefix(records.count).reduce(0) { $0 + $1.bytes }
      waiting.removeFirst(records.count)
      run = committer.run
      stored = committer.lastEpoch
      isEnded = ending != nil
      if isEnded { recorder.stopAlarm() }
      leaseDue = .now + Lease.renewal
      condition.broadcast()
      return (self.hearer, isFirst)
    }
    if let hearer, !records.isEmpty, let run = committer.run, let last = committer.lastEpoch {
      hearer(run, last, isFirst)
    }
  }

  /// Whether nothing more will be stored.
  private var isOver: Bool { isEnded || failure != nil }

  /// Whether so much waits that it is stored at once.
  private var isUrgent: Bool { waitingBytes > Self.capacity / 2 }

  /// When what waits has to be stored.
  private var due: ContinuousClock.Instant? {
    waiting.first.map { isUrgent ? .now : $0.since + Self.gathering }
  }

  /// Sets the alarm to what is due next: a transaction or the lease.
  private func setAlarm() {
    recorder.setAlarm(at: min(due ?? leaseDue, leaseDue)) { [weak self] in self?.wake() }
  }

  private func synchronised<Result>(_ body: () throws -> Result) rethrows -> Result {
    condition.lock()
    defer { condition.unlock() }
    return try body()
  }
}

package import Foundation

/// Records the epochs of one run, on a thread of its own.
///
/// Training hands over snapshots and goes on; at most about a tenth of a second of epochs waits
/// to be stored. While a writer lives, its run shows as `running`. An error that stops it is stored
/// as the reason why the run has failed, if that is still possible.
package final class RunWriter: Sendable {
  /// The run's unique name.
  package let uuid: String
  private let queue: WriterQueue
  private let identity: RunIdentity

  /// Bytes of snapshots that may wait for the disk.
  static let capacity = 8 << 20

  /// Starts to write; `lock` holds the run's lock already if the run is stored.
  init(_ start: RunStart, in path: String, lock: FileLock, faults: CommitFaults) {
    let queue = WriterQueue(capacity: Self.capacity)
    let identity = RunIdentity()
    switch start {
    case .new(_, let uuid): self.uuid = uuid
    case .resumed(let run, let uuid, _, _, _):
      self.uuid = uuid
      identity.set(run)
    }
    self.queue = queue
    self.identity = identity
    let thread = Thread {
      var loop = WriterLoop(
        queue: queue, identity: identity,
        committer: EpochCommitter(start, path: path, lock: lock, faults: faults))
      queue.stop(loop.run())
    }
    thread.name = "recorder"
    thread.start()
  }

  deinit { try? queue.end(.abandoned) }

  /// Hands over an epoch; `encode` makes its record on the writer's thread.
  ///
  /// Returns at once unless too much waits for the disk. Throws what stopped the writer earlier.
  /// - Parameter bytes: the size of what `encode` keeps in memory.
  package func submit(
    bytes: Int, _ encode: @escaping @Sendable () throws -> EpochRecord
  ) throws {
    try queue.submit(bytes: bytes, encode)
  }

  /// The run's number; waits until the first epoch is stored if that has not happened.
  package func runID() throws -> Int64 {
    if let run = identity.value { return run }
    try queue.flush()
    guard let run = identity.value else { preconditionFailure("no epoch was handed over") }
    return run
  }

  /// Waits until everything handed over is stored.
  package func flush() throws { try queue.flush() }

  /// Stores what waits, how the run ended and what came of it, and closes the database.
  package func finish(
    _ outcome: RunOutcome, message: String? = nil, result: RunResult = RunResult(), at date: Date
  ) throws {
    try queue.end(.finished(outcome, message: message, result, at: date))
  }

  /// Lets go of the run, which then shows as crashed; what waits is lost.
  package func abandon() { try? queue.end(.abandoned) }
}

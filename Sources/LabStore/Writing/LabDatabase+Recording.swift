import Foundation
import GRDB
package import LabFormats

/// What a resume changes in the description of a run.
package struct RunChange: Sendable {
  /// The configuration as normalised JSON and its hash, where they changed.
  package var config: (text: String, hash: String)?

  /// With nil the stored configuration stays.
  package init(config: (text: String, hash: String)? = nil) { self.config = config }
}

extension LabDatabase {
  /// Starts a new run. Nothing is stored before its first epoch is.
  ///
  /// - Parameter recorder: Stores the epochs and has nothing else to do meanwhile; by default a new one.
  package func record(
    _ description: RunDescription, on recorder: Worker? = nil
  ) throws -> RunWriter {
    try record(description, on: recorder, faults: CommitFaults())
  }

  func record(
    _ description: RunDescription, on recorder: Worker? = nil, faults: CommitFaults
  ) throws -> RunWriter {
    let uuid = description.uuid ?? UUID().uuidString.lowercased()
    return RunWriter(
      .new(description, uuid: uuid), in: self, on: try recorder ?? Worker(),
      lock: try FileLock(beside: path), faults: faults)
  }

  /// Opens a stored run again after one of its epochs; later ones are dropped in the transaction
  /// that stores the next. The run shows as running from here on.
  ///
  /// - Parameters:
  ///   - run: The run as it was when `epoch` was chosen. Should another process have trained it since,
  ///     nothing is changed and the error is of the kind `busy`.
  ///   - recorder: As of a new run.
  package func resume(
    _ run: StoredRun, after epoch: Int, changing change: RunChange = RunChange(),
    on recorder: Worker? = nil
  ) throws -> RunWriter {
    try resume(run, after: epoch, changing: change, on: recorder, faults: CommitFaults())
  }

  func resume(
    _ run: StoredRun, after epoch: Int, changing change: RunChange = RunChange(),
    on recorder: Worker? = nil, faults: CommitFaults
  ) throws -> RunWriter {
    let recorder = try recorder ?? Worker()
    let lock = try FileLock(beside: path)
    guard try lock.tryAcquire(.run(run.runID)) else {
      throw LabError.beingTrained(run.runID, path)
    }
    let tensors = try claim(run, at: epoch)
    return RunWriter(
      .resumed(run.runID, uuid: run.uuid, after: epoch, tensors: tensors, change), in: self,
      on: recorder, lock: lock, faults: faults)
  }

  /// Opens a run for the holder of its lock, if it still is what it was; returns its tensors.
  private func claim(_ run: StoredRun, at epoch: Int) throws -> [TensorDescription] {
    try withCommitLock {
      try connection.write { db in
        try requireUntrained(run, db)
        guard try Self.hasEpoch(epoch, run.runID, db) else {
          throw missingEpoch(run.runID, epoch)
        }
        try db.execute(
          sql: """
            UPDATE run SET outcome = NULL, message = NULL, finished_at = NULL,
              result_epoch = NULL, test_loss = NULL, test_accuracy = NULL
            WHERE id = ?
            """, arguments: [run.runID])
        try Lease.renew(run.runID, db)
        return try Self.tensors(of: run.runID, db)
      }
    }
  }

  /// Refuses a run that is not what it was when it was read, for the holder of its lock.
  func requireUntrained(_ run: StoredRun, _ db: Database) throws {
    guard var now = try StoredRun.read(run.runID, db) else {
      throw missingRun(String(run.runID))
    }
    // Any training in between has changed the last epoch, the seconds, or the end.
    now.status = run.status
    guard now == run else { throw LabError.trainedMeanwhile(run.runID, path) }
  }

  /// Whether a living process on this machine trains a run; nil where that cannot be known.
  package func isBeingTrained(_ run: Int64) -> Bool? {
    FileLock.isHeld(.run(run), beside: path)
  }

  /// The error where there is no run that is called so.
  package func missingRun(_ name: String) -> LabError {
    LabError(
      .notFound, "there is no run \(name)", where: path,
      next: "list the runs with: lstm-lab runs\(option)")
  }
}

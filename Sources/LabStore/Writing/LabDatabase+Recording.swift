import Foundation
import GRDB

extension LabDatabase {
  /// Starts a new run. Nothing is stored before its first epoch is.
  package func record(_ description: RunDescription) throws -> RunWriter {
    try record(description, faults: CommitFaults())
  }

  func record(_ description: RunDescription, faults: CommitFaults) throws -> RunWriter {
    let uuid = UUID().uuidString.lowercased()
    return try RunWriter(.new(description, uuid: uuid), in: path, faults: faults)
  }

  /// Opens a stored run again after one of its epochs; later ones are dropped in the transaction
  /// that stores the next.
  package func resume(
    _ run: Int64, after epoch: Int, changing change: RunChange = RunChange()
  ) throws -> RunWriter {
    let (uuid, tensors) = try read { db in
      let uuid = try String.fetchOne(
        db, sql: "SELECT uuid FROM run WHERE id = ?", arguments: [run])
      guard let uuid else { throw missingRun(String(run)) }
      return (uuid, try Self.tensors(of: run, db))
    }
    return try RunWriter(
      .resumed(run, uuid: uuid, after: epoch, tensors: tensors, change), in: path)
  }

  /// Whether a living process on this machine trains a run.
  package func isBeingTrained(_ run: Int64) -> Bool {
    FileLock.isHeld(.run(run), besides: path)
  }

  func missingRun(_ name: String) -> StoreError {
    StoreError(
      .notFound, "there is no run \(name)", at: path,
      next: "list the runs with: lstm-lab runs")
  }
}

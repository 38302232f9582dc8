package import Foundation
import GRDB
import LabFormats

/// What an epoch stored of its state: everything a resume starts from, if it is whole.
package struct StoredState: Equatable, Sendable {
  /// The weights in canonical order.
  package let weights: [Data]
  /// The optimizer's slots in the order they were stored.
  package let optimizer: [OptimizerSlot]
  /// What else the trainer stored with the epoch: a JSON object.
  package let state: String
  /// The epoch's hash.
  package let hash: [UInt8]
  /// Whether the optimizer's state was stored, too.
  package let isWhole: Bool

  /// There are as many tensors as the run's description has.
  package init(
    weights: [Data], optimizer: [OptimizerSlot], state: String, hash: [UInt8], isWhole: Bool
  ) {
    self.weights = weights
    self.optimizer = optimizer
    self.state = state
    self.hash = hash
    self.isWhole = isWhole
  }
}

/// What an epoch stored of its state.
package struct RecordedState: Equatable, Sendable {
  /// The weights in canonical order; nil where the epoch did not store them.
  package let weights: [Data]?
  /// The optimizer's slots in the order they were stored; empty where it stored none.
  package let optimizer: [OptimizerSlot]
}

/// What is told of an epoch beside its metrics.
package struct StoredEpoch: Equatable, Sendable {
  /// The epoch's number.
  package let epoch: Int
  /// Of the epoch's last step; nil where it is not a number.
  package let learningRate: Double?
  /// UTC in ISO 8601.
  package let recordedAt: String
  /// What else the trainer stored with the epoch: a JSON object.
  package let state: String
}

extension LabDatabase {
  /// The last epoch a run can be resumed from; nil if there is none.
  package func lastResumableEpoch(of run: Int64) throws -> Int? {
    try read { db in
      try db.value(
        "epoch", of: "epoch", "run \(run)",
        "SELECT max(epoch) AS epoch FROM epoch WHERE run_id = ? AND resumable = 1", [run])
    }
  }

  /// The hash of an epoch; nil if there is no such epoch.
  package func hash(of run: Int64, at epoch: Int) throws -> [UInt8]? {
    try read { db in
      try db.row(
        of: "epoch", "run \(run), epoch \(epoch)",
        "SELECT hash FROM epoch WHERE run_id = ? AND epoch = ?", [run, epoch], Self.hash)
    }
  }

  /// What else the trainer stored with an epoch, a JSON object; nil if there is no such epoch.
  package func trainerState(of run: Int64, at epoch: Int) throws -> String? {
    try read { db in
      try db.value(
        "state", of: "epoch", "run \(run), epoch \(epoch)",
        "SELECT state FROM epoch WHERE run_id = ? AND epoch = ?", [run, epoch])
    }
  }

  /// The learning rate of an epoch's last step; nil if there is no such epoch.
  package func learningRate(of run: Int64, at epoch: Int) throws -> Double? {
    try read { db in
      try db.value(
        "learning_rate", of: "epoch", "run \(run), epoch \(epoch)",
        "SELECT learning_rate FROM epoch WHERE run_id = ? AND epoch = ?", [run, epoch])
    }
  }

  /// What an epoch stored of its state: all that a resume needs, or its weights at least.
  package func state(
    of run: Int64, at epoch: Int, with part: StoredPart = .resumable
  ) throws -> StoredState {
    try read { db in
      let row = try db.row(
        of: "epoch", "run \(run), epoch \(epoch)",
        "SELECT hash, state, resumable FROM epoch WHERE run_id = ? AND epoch = ?", [run, epoch]
      ) { row in
        (
          hash: try Self.hash(row), state: try row["state"] as String,
          isResumable: try row["resumable"] as Bool
        )
      }
      guard let row else { throw missingEpoch(run, epoch) }
      let stored = try EpochReader(
        db: db, run: run, tensors: Self.tensors(of: run, db), epoch: epoch)
      guard row.isResumable || part == .weights, let weights = try stored.weights() else {
        throw try notStored(part, run, epoch, db)
      }
      return StoredState(
        weights: weights, optimizer: try stored.optimizer(), state: row.state, hash: row.hash,
        isWhole: row.isResumable)
    }
  }

  /// Every stored epoch of a run, in order.
  package func epochs(of run: Int64) throws -> [StoredEpoch] {
    let sql = """
      SELECT epoch, learning_rate, recorded_at, state FROM epoch WHERE run_id = ? ORDER BY epoch
      """
    return try read { db in
      try db.rows(of: "epoch", "run \(run)", sql, [run]) {
        try StoredEpoch(
          epoch: $0["epoch"], learningRate: $0["learning_rate"], recordedAt: $0["recorded_at"],
          state: $0["state"])
      }
    }
  }

  /// What an epoch stored of its state, be it whole or not.
  package func recorded(of run: Int64, at epoch: Int) throws -> RecordedState {
    try read { db in
      let stored = try EpochReader(
        db: db, run: run, tensors: Self.tensors(of: run, db), epoch: epoch)
      return RecordedState(weights: try stored.weights(), optimizer: try stored.optimizer())
    }
  }

  /// Whether a run has an epoch.
  static func hasEpoch(_ epoch: Int, _ run: Int64, _ db: Database) throws -> Bool {
    try db.value(
      "there", of: "epoch", "run \(run)",
      "SELECT EXISTS (SELECT 1 FROM epoch WHERE run_id = ? AND epoch = ?) AS there",
      [run, epoch]) ?? false
  }

  private static func hash(_ row: StoredRow) throws -> [UInt8] {
    let hash: Data = try row["hash"]
    guard hash.count == 32 else { throw row.damaged("hash", "not a hash") }
    return [UInt8](hash)
  }

  func missingEpoch(_ run: Int64, _ epoch: Int) -> LabError {
    LabError(
      .notFound, "run \(run) has no epoch \(epoch)", where: path,
      next: "see which it has with: lstm-lab show \(run) --all\(option)")
  }

  /// Names the nearest epochs that have what was asked for.
  private func notStored(
    _ part: StoredPart, _ run: Int64, _ epoch: Int, _ db: Database
  ) throws -> LabError {
    let what = part == .weights ? "weights" : "state to resume from"
    let known = try Self.epochs(of: run, storing: part, db)
    let near = [known.last { $0 < epoch }, known.first { $0 > epoch }].compactMap { $0 }
    return LabError(
      .notFound, "run \(run) has stored no \(what) at epoch \(epoch)", where: path,
      next: near.isEmpty
        ? "no epoch of the run has any; `record` in its configuration says what is stored"
        : "the nearest epoch\(near.count == 1 ? "" : "s") with \(part == .weights ? "" : "a ")\(what): "
          + near.map(String.init).joined(separator: " and "))
  }
}

package import Foundation
import GRDB

/// What an epoch stored of its state.
package struct RecordedState: Equatable, Sendable {
  /// The weights in canonical order; nil where the epoch did not store them.
  package let weights: [Data]?
  /// The optimizer's slots in the order they were stored; empty where it stored none.
  package let optimizer: [OptimizerSlot]
}

extension LabDatabase {
  /// What an epoch stored of its state, be it whole or not.
  package func recorded(of run: Int64, at epoch: Int) throws -> RecordedState {
    try read { db in
      let stored = try StoredEpoch(
        db: db, run: run, tensors: Self.tensors(of: run, db), epoch: epoch)
      return RecordedState(weights: try stored.weights(), optimizer: try stored.optimizer())
    }
  }
}

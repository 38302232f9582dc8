package import Foundation

/// Everything a resume starts from.
package struct StoredState: Equatable, Sendable {
  /// The weights in canonical order.
  package let weights: [Data]
  /// The optimizer's slots in the order they were stored.
  package let optimizer: [OptimizerSlot]
  /// What else the trainer stored with the epoch: a JSON object.
  package let state: String
  /// The epoch's hash.
  package let hash: [UInt8]
}

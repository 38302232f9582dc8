import Crypto
import Foundation
import LabFormats

/// The proof that two runs hold the same bits: SHA-256 over the hash before it, the weights and the
/// optimizer's state of each epoch.
///
/// Hashed are the 32 bytes of the epoch before (zeros before the first), every weight tensor in
/// Keras's order, row-major as little-endian float32, the number of optimizer steps as a
/// little-endian 64-bit integer, and each optimizer slot as the weights are.
struct HashChain: Sendable {
  /// The hash of the last epoch.
  private(set) var last: [UInt8]

  /// What the first epoch is chained to.
  static let start = [UInt8](repeating: 0, count: 32)

  /// Goes on from an epoch's hash.
  init(after hash: [UInt8] = Self.start) { last = hash }

  /// Adds an epoch and returns its hash.
  mutating func append(weights: [Data], iterations: Int, slots: [[Data]]) -> [UInt8] {
    var hasher = SHA256()
    hasher.update(data: last)
    for tensor in weights { hasher.update(data: tensor) }
    var count: [UInt8] = []
    count.appendLittleEndian(UInt64(iterations))
    hasher.update(data: count)
    for slot in slots {
      for tensor in slot { hasher.update(data: tensor) }
    }
    last = Array(hasher.finalize())
    return last
  }
}

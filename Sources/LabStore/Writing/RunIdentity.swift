import Synchronization

/// A run's number, known once the run is stored.
final class RunIdentity: Sendable {
  private let number = Mutex<Int64?>(nil)

  /// The number, if it is known.
  var value: Int64? { number.withLock { $0 } }

  /// Makes the number known.
  func set(_ run: Int64) { number.withLock { $0 = run } }
}

internal import LSTMKernels

/// Zeroed float memory, taken piece by piece at 64-byte boundaries, freed at once.
///
/// A run takes all it needs before training starts; nothing is allocated in the training loop.
@safe final class Arena {
  private let memory: UnsafeMutablePointer<Float>
  private let capacity: Int
  /// The floats taken so far.
  private(set) var used = 0

  /// Allocates room for `floats` numbers, all zero.
  init(floats: Int) {
    capacity = max(Self.rounded(floats), lanes)
    guard let memory = unsafe lk_memory_take(capacity) else {
      preconditionFailure("the system gave no memory for \(capacity) floats")
    }
    unsafe self.memory = memory
  }

  deinit { unsafe lk_memory_free(memory) }

  /// Returns the number of floats that a piece of `count` occupies.
  static func rounded(_ count: Int) -> Int { (count + lanes - 1) / lanes * lanes }

  /// Returns a zeroed piece of `count` floats that lives as long as the arena.
  func take(_ count: Int) -> UnsafeMutablePointer<Float> {
    let size = Self.rounded(count)
    precondition(used + size <= capacity, "\(capacity) floats, \(used) used, \(size) asked")
    defer { used += size }
    return unsafe memory + used
  }
}

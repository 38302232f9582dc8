internal import LSTMKernels

/// Zeroed float memory, taken piece by piece at 64-byte boundaries, freed at once.
///
/// A run takes all it needs before training starts; nothing is allocated in the training loop. Sizes
/// are Doubles: exact for all that fit into a machine (below 2⁵³), and no model overflows them.
@safe final class Arena {
  private let memory: UnsafeMutablePointer<Float>
  private let capacity: Double
  /// Whether pieces are only counted: all are the same one, so what stands on them must not compute.
  let isCounting: Bool
  /// The floats taken so far.
  private(set) var used = 0.0

  /// Allocates room for `floats` numbers, all zero.
  convenience init(floats: Int) {
    let floats = max(panelCount(floats), 1) * lanes
    self.init(floats, capacity: Double(floats), isCounting: false)
  }

  /// An arena that only counts what is taken.
  static func counting() -> Arena { Arena(lanes, capacity: .infinity, isCounting: true) }

  private init(_ floats: Int, capacity: Double, isCounting: Bool) {
    guard let memory = unsafe lk_memory_take(floats) else {
      preconditionFailure("the system gave no memory for \(floats) floats")
    }
    unsafe self.memory = memory
    self.capacity = capacity
    self.isCounting = isCounting
  }

  deinit { unsafe lk_memory_free(memory) }

  /// Returns a zeroed piece of `count` floats that lives as long as the arena.
  func take(_ count: Double) -> UnsafeMutablePointer<Float> {
    let size = (count / Double(lanes)).rounded(.up) * Double(lanes)
    precondition(used + size <= capacity, "\(capacity) floats, \(used) used, \(size) asked")
    defer { used += size }
    return unsafe isCounting ? memory : memory + Int(used)
  }

  /// Returns a zeroed piece of `count` floats.
  func take(_ count: Int) -> UnsafeMutablePointer<Float> { unsafe take(Double(count)) }
}

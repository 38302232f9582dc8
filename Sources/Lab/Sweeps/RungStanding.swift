/// How the points of a sweep stand at a rung, the best first.
package struct RungStanding: Equatable, Sendable {
  /// The rung's epoch.
  package let epoch: Int
  /// The points in their order.
  package let points: [Entry]
  /// How many of them go on, or have come to the end of the last rung.
  package let kept: Int
  /// Whether no rung comes after it.
  package let isLast: Bool

  /// A point at a rung.
  package struct Entry: Equatable, Sendable {
    /// The point's number.
    package let point: Int
    /// The mean of its runs' metric at the rung's epoch, or at the last of a run that was stopped early; nil
    /// where one is not a number.
    package let value: Double?
    /// Whether one of its runs has diverged before.
    package let hasDiverged: Bool
  }

  /// Ranks points: those with a value by it, of equals the lower number first, then those without, then those
  /// that have diverged, which never go on.
  ///
  /// - Parameter most: How many go on; nil at the last rung.
  init(_ entries: [Entry], at epoch: Int, by monitor: Monitor, keeping most: Int?) {
    func group(_ entry: Entry) -> Int { entry.hasDiverged ? 2 : entry.value == nil ? 1 : 0 }
    self.epoch = epoch
    points = entries.sorted { a, b in
      if group(a) != group(b) { return group(a) < group(b) }
      if group(a) == 0, let x = a.value, let y = b.value, x != y {
        return monitor.isBetter(x, than: y)
      }
      return a.point < b.point
    }
    isLast = most == nil
    kept = min(most ?? .max, entries.count { !$0.hasDiverged })
  }

  /// The points that go on, in the order of their numbers.
  package var survivors: [Int] { points.prefix(kept).map(\.point).sorted() }
}

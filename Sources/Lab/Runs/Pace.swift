import LabStore

/// How fast a run is trained: what its latest epochs took, with the waiting between them.
struct Pace: Sendable {
  /// The most epochs that tell it.
  static let epochs = 200
  private var ends: [(end: Double, seconds: Double)] = []

  /// Takes in the next epoch.
  mutating func add(_ epoch: ToldEpoch) {
    if ends.count > Self.epochs { ends.removeFirst(ends.count - Self.epochs) }
    ends.append((epoch.end, epoch.seconds))
  }

  /// The number of epochs that tell it.
  var count: Int { max(0, ends.count - 1) }

  /// The seconds of those epochs. A long pause before an epoch, as when a run was stopped and went on, is
  /// none of its time.
  var seconds: Double {
    zip(ends, ends.dropFirst()).reduce(0) { sum, pair in
      let (before, epoch) = pair
      let longest = 1 + 5 * epoch.seconds
      return sum + max(epoch.seconds, min(epoch.end - before.end, longest))
    }
  }

  /// The seconds of an epoch; nil before there are two that tell it.
  var secondsAnEpoch: Double? { count > 0 ? seconds / Double(count) : nil }

  /// When the latest epoch ended, in seconds since 1970.
  var latest: Double? { ends.last?.end }
}

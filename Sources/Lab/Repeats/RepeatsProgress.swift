import LabFormats

/// How far several runs of one configuration are; a value that progress lines are functions of.
package struct RepeatsProgress: Equatable, Sendable {
  /// The number of runs in all.
  package let runs: Int
  /// The number of epochs in each.
  package let epochs: Int
  /// The number of runs that have ended.
  package private(set) var ended = 0
  /// The runs under way, in the order in which they began: seed and last epoch.
  package private(set) var current: [Current] = []

  /// A run under way.
  package struct Current: Equatable, Sendable {
    /// The seed that tells it from the others.
    package var seed: Int
    /// The last epoch trained.
    package var epoch: Int
  }

  /// The progress of runs of which none has begun.
  package init(runs: Int, epochs: Int) {
    self.runs = runs
    self.epochs = epochs
  }

  /// Notes that a run has trained an epoch.
  package mutating func note(seed: Int, epoch: Int) {
    if let index = current.firstIndex(where: { $0.seed == seed }) {
      current[index].epoch = epoch
    } else {
      current.append(Current(seed: seed, epoch: epoch))
    }
  }

  /// Notes that a run has ended.
  package mutating func end(seed: Int) {
    current.removeAll { $0.seed == seed }
    ended += 1
  }

  /// Returns one line for a terminal: a bar over all runs, then the runs under way as far as there is
  /// room.
  package func line(width: Int, colour: Bool) -> String {
    let total = "\(runs)"
    let number = DisplayWidth.padded("\(ended)", to: total.count, alignment: .right)
    let head = "Runs \(number)/\(total)"
    let barWidth = min(20, max(0, width - head.count - 2))
    guard barWidth > 0 else { return DisplayWidth.truncated(head, to: width) }
    let trained = current.reduce(0.0) { $0 + Double($1.epoch) / Double(max(1, epochs)) }
    let done = (Double(ended) + trained) / Double(max(1, runs))
    var room = width - head.count - 1 - barWidth
    var tail = ""
    for run in current {
      let text = " - seed \(run.seed): epoch \(run.epoch)/\(epochs)"
      room -= text.count
      if room < 0 { break }
      tail += text
    }
    return "\(head) \(ProgressLine.bar(done, width: barWidth, colour: colour))\(tail)"
  }
}

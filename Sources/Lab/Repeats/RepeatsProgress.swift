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
    /// The last epoch trained, or under way before the first.
    package var epoch: Int
    /// The epochs that are done, with the part of the one under way.
    package var done: Double
    /// The losses of the last epoch, or of the first one so far.
    package var losses: [EpochProgress.Metric]
  }

  /// The progress of runs of which none has begun.
  package init(runs: Int, epochs: Int) {
    self.runs = runs
    self.epochs = epochs
  }

  /// Notes that a run has trained an epoch.
  package mutating func note(seed: Int, epoch: Int, metrics: [EpochProgress.Metric]) {
    let losses = metrics.filter { ["loss", "val_loss"].contains($0.name) }
    note(Current(seed: seed, epoch: epoch, done: Double(epoch), losses: losses))
  }

  /// Notes that a run has done a part of an epoch, with this mean loss.
  package mutating func note(seed: Int, epoch: Int, part: Double, loss: Double) {
    let before = current.first { $0.seed == seed }
    let isFirst = before.map { $0.done < 1 } ?? true
    note(
      Current(
        seed: seed, epoch: isFirst ? epoch : before?.epoch ?? epoch,
        done: Double(epoch - 1) + part,
        losses: isFirst ? [EpochProgress.Metric("loss", loss)] : before?.losses ?? []))
  }

  private mutating func note(_ run: Current) {
    if let index = current.firstIndex(where: { $0.seed == run.seed }) {
      current[index] = run
    } else {
      current.append(run)
    }
  }

  /// Notes that a run has ended.
  package mutating func end(seed: Int) {
    current.removeAll { $0.seed == seed }
    ended += 1
  }

  /// How much of all is done, from 0 to 1.
  private var done: Double {
    let trained = current.reduce(0.0) { $0 + $1.done / Double(max(1, epochs)) }
    return (Double(ended) + trained) / Double(max(1, runs))
  }

  /// Returns one line for a terminal: the runs under way with their losses as far as there is room, the
  /// time left, a bar over all runs.
  ///
  /// - Parameter elapsed: The seconds since the first run began.
  package func line(width: Int, colour: Bool, elapsed: Double) -> String {
    let total = "\(runs)"
    let number = DisplayWidth.padded("\(ended)", to: total.count, alignment: .right)
    let done = done
    let parts = current.map { run in
      " - seed \(run.seed): epoch \(run.epoch)/\(epochs)"
        + run.losses.map { ", \($0.name): \(NumberText.metric($0.value))" }.joined()
    }
    return ProgressLine.line(
      "Runs \(number)/\(total)", parts,
      time: ProgressLine.left(done > 0 ? elapsed / done * (1 - done) : nil), done: done,
      width: width, colour: colour)
  }
}

import LabFormats

/// How far several runs of one configuration are; a value that progress lines are functions of.
package struct RepeatsProgress: Equatable, Sendable {
  /// The number of runs in all.
  package let runs: Int
  /// The number of epochs in each.
  package let epochs: Int
  /// The number of runs that have ended.
  package private(set) var ended = 0
  /// The runs under way, in the order in which they began.
  package private(set) var current: [Current] = []

  /// A run under way.
  package struct Current: Equatable, Sendable {
    /// What tells it from the others.
    package var run: RepeatedRun
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
  package mutating func note(_ run: RepeatedRun, epoch: Int, metrics: [EpochProgress.Metric]) {
    let losses = metrics.filter { ["loss", "val_loss"].contains($0.name) }
    note(Current(run: run, epoch: epoch, done: Double(epoch), losses: losses))
  }

  /// Notes that a run has done a part of an epoch, with this mean loss.
  package mutating func note(_ run: RepeatedRun, epoch: Int, part: Double, loss: Double) {
    let before = current.first { $0.run == run }
    let isFirst = before.map { $0.done < 1 } ?? true
    note(
      Current(
        run: run, epoch: isFirst ? epoch : before?.epoch ?? epoch,
        done: Double(epoch - 1) + part,
        losses: isFirst ? [EpochProgress.Metric("loss", loss)] : before?.losses ?? []))
  }

  private mutating func note(_ run: Current) {
    if let index = current.firstIndex(where: { $0.run == run.run }) {
      current[index] = run
    } else {
      current.append(run)
    }
  }

  /// Notes that a run has ended.
  package mutating func end(_ run: RepeatedRun) {
    current.removeAll { $0.run == run }
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
      " - \(run.run.text): epoch \(run.epoch)/\(epochs)"
        + run.losses.map { ", \($0.name): \(NumberText.metric($0.value))" }.joined()
    }
    return ProgressLine.line(
      "Runs \(number)/\(total)", parts,
      time: ProgressLine.left(done > 0 ? elapsed / done * (1 - done) : nil), done: done,
      width: width, colour: colour)
  }
}

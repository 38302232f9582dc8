/// How far a training is, after an epoch or within one; a value that progress lines are functions of.
package struct EpochProgress: Equatable, Sendable {
  /// The epoch that just ended, from 1, or is under way.
  package var epoch: Int
  /// The last epoch that will be trained; 0 where that is not known.
  package var epochs: Int
  /// The epoch that this process began after: 0, or the stored epoch it resumed from.
  package var firstEpoch = 0
  /// The batches of an epoch.
  package var steps: Int
  /// The batches of this epoch that are done; nil where all are, and the epoch has ended.
  package var step: Int?
  /// The seconds that this epoch took.
  package var seconds: Double
  /// The seconds since this process began to train.
  package var elapsed: Double
  /// The losses and metrics in the order to show.
  package var metrics: [Metric]

  /// A loss or metric with its value.
  package struct Metric: Equatable, Sendable {
    /// The name, as `val_loss`.
    package var name: String
    /// What was measured.
    package var value: Double

    /// The value is shown with four decimals.
    package init(_ name: String, _ value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// The progress of a training that this process began at epoch 0.
  package init(
    epoch: Int, epochs: Int, steps: Int, seconds: Double, elapsed: Double, metrics: [Metric]
  ) {
    self.epoch = epoch
    self.epochs = epochs
    self.steps = steps
    self.seconds = seconds
    self.elapsed = elapsed
    self.metrics = metrics
  }

  /// The epochs that are done, with the part of the one under way.
  package var done: Double {
    guard let step else { return Double(epoch) }
    return Double(epoch - 1) + Double(step) / Double(max(1, steps))
  }

  /// The seconds that what remains will take at the pace so far; nil before the first step.
  package var secondsLeft: Double? {
    let trained = done - Double(firstEpoch)
    return trained > 0 ? elapsed / trained * max(0, Double(epochs) - done) : nil
  }
}

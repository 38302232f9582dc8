package import Foundation

/// What is known of a run only when its training is over.
package struct RunResult: Sendable {
  /// The epoch whose weights are the run's result; nil for the last one.
  package var epoch: Int?
  /// What was measured last, of stored epochs; it is added to what they hold.
  package var measured: [EpochMetrics]
  /// What the model made of the test data in the result's epoch; nil where that is not stored.
  package var test: TestPredictions?

  /// The predictions for the test data, and what they are predictions of.
  package struct TestPredictions: Sendable {
    /// The test data.
    package let split: RunDescription.Split
    /// The outputs, sample after sample: little-endian float32, as many as there are targets.
    package let values: Data

    /// The split is `test`, with as many targets as there are values.
    package init(split: RunDescription.Split, values: Data) {
      precondition(
        split.name == .test && values.count == split.targets.count,
        "\(values.count) bytes of \(split.name) for \(split.targets.count) bytes of targets")
      self.split = split
      self.values = values
    }
  }

  /// Metrics of one epoch.
  package struct EpochMetrics: Equatable, Sendable {
    /// The epoch.
    package let epoch: Int
    /// Metrics that it has not stored.
    package let metrics: [MetricValue]

    /// The metrics are none of those that the epoch stores.
    package init(epoch: Int, metrics: [MetricValue]) {
      self.epoch = epoch
      self.metrics = metrics
    }
  }

  /// By default the last epoch, with nothing more measured.
  package init(epoch: Int? = nil, measured: [EpochMetrics] = [], test: TestPredictions? = nil) {
    self.epoch = epoch
    self.measured = measured
    self.test = test
  }
}

/// How a run ended.
package enum RunOutcome: String, Sendable {
  /// Trained to the end, stopped by the user, no longer finite, or no longer recordable.
  case completed, interrupted, diverged, failed
}

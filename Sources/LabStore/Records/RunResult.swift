/// What is known of a run only when its training is over.
package struct RunResult: Sendable {
  /// The epoch whose weights are the run's result; nil for the last one.
  package var epoch: Int?
  /// What was measured last, of stored epochs; it is added to what they hold.
  package var measured: [EpochMetrics]

  /// Metrics of one epoch.
  package struct EpochMetrics: Equatable, Sendable {
    /// The epoch.
    package let epoch: Int
    /// Metrics that it has not stored.
    package let metrics: [MetricValue]

    /// Makes the metrics of an epoch.
    package init(epoch: Int, metrics: [MetricValue]) {
      self.epoch = epoch
      self.metrics = metrics
    }
  }

  /// Makes a result: by default the last epoch, with nothing more measured.
  package init(epoch: Int? = nil, measured: [EpochMetrics] = []) {
    self.epoch = epoch
    self.measured = measured
  }
}

/// How a run ended.
package enum RunOutcome: String, Sendable {
  /// Trained to the end, stopped by the user, no longer finite, or no longer recordable.
  case completed, interrupted, diverged, failed
}

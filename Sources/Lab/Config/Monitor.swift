import LSTMEngine
import LabFormats
import LabStore

/// A loss or metric that is followed from epoch to epoch, and which way is better.
package struct Monitor: Equatable, Sendable {
  /// Its Keras name: `loss`, `accuracy`, …, with `val_` before for the validation data.
  package var name: String
  /// Which way is better.
  package var mode = Mode.auto
  /// What a value must be better by to count as better; from 0.
  package var minDelta: Double

  /// Which way is better.
  package enum Mode: String, CaseIterable, Sendable {
    /// Down, but up for an accuracy and other scores.
    case auto
    /// Down.
    case min
    /// Up.
    case max
  }

  /// Follows a loss or metric; by default any change in the right direction counts.
  package init(_ name: String, minDelta: Double = 0) {
    self.name = name
    self.minDelta = minDelta
  }

  /// Whether a value counts as better than another one. Any number is better than none, and what is
  /// not finite is never better.
  package func isBetter(_ value: Double, than other: Double?) -> Bool {
    guard value.isFinite else { return false }
    guard let other else { return true }
    return seeksGreatest ? value - minDelta > other : value + minDelta < other
  }

  private var seeksGreatest: Bool {
    switch mode {
    case .auto: MetricValue.isHigherBetter(name)
    case .min: false
    case .max: true
    }
  }
}

extension Monitor {
  /// The keys that every follower of a metric has.
  static var fields: [Field<Monitor>] {
    [
      Field("monitor", \.name, nameRule, "What must become better."),
      Field(
        "mode", \.mode, .name,
        "Which way is better; auto: up for accuracies and scores, down for losses and errors."),
      Field("min_delta", \.minDelta, .notNegative, "What a value must be better by to count."),
    ]
  }

  /// The names of every loss and metric, whether the run has them or not.
  static var names: [String] {
    let names = ["loss"] + Metric.allCases.map(\.rawValue)
    return names.map { DataSplit.validation.prefix + $0 } + names
  }

  private static var nameRule: Rule<String> {
    .name(
      among: names,
      reason: "; the test data are for the end, not to choose by")
  }
}

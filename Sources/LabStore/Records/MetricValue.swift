/// One metric of one epoch.
package struct MetricValue: Equatable, Sendable {
  /// The part of the data it was computed on.
  package let split: DataSplit
  /// `loss`, `accuracy`, `mean_absolute_error`, …
  package let name: String
  /// Its value.
  package let value: Double

  /// The name is without the prefix of the split.
  package init(_ split: DataSplit, _ name: String, _ value: Double) {
    self.split = split
    self.name = name
    self.value = value
  }
}

/// A part of the data.
package enum DataSplit: String, Sendable, CaseIterable {
  /// What the weights are fitted to, what is watched meanwhile, and what is kept for the end.
  case train, validation, test

  /// What a metric's name begins with where it was computed on this part, as Keras prints it.
  package var prefix: String {
    switch self {
    case .train: ""
    case .validation: "val_"
    case .test: "test_"
    }
  }

  /// The part of the data and the plain name that a metric's name is made of.
  package static func parts(ofMetric name: String) -> (split: DataSplit, name: String) {
    for split in [validation, test] where name.hasPrefix(split.prefix) {
      return (split, String(name.dropFirst(split.prefix.count)))
    }
    return (.train, name)
  }
}

extension MetricValue {
  /// The name that Keras prints: `loss`, `val_loss`, …; `test_loss` for the test data.
  package var kerasName: String { split.prefix + name }

  /// Whether a metric is best at its highest: an accuracy is, a loss or an error is not.
  package static func isHigherBetter(_ name: String) -> Bool {
    let ends = ["accuracy", "precision", "recall", "f1_score", "auc", "r2_score"]
    return ends.contains { name.hasSuffix($0) }
  }
}

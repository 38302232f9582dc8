/// One metric of one epoch.
package struct MetricValue: Equatable, Sendable {
  /// The part of the data it was computed on.
  package let split: DataSplit
  /// `loss`, `accuracy`, `mean_absolute_error`, …
  package let name: String
  /// Its value.
  package let value: Double

  /// Makes a metric.
  package init(_ split: DataSplit, _ name: String, _ value: Double) {
    self.split = split
    self.name = name
    self.value = value
  }
}

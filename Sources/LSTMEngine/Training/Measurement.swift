/// The loss and metrics of some rows, summed in row order.
package struct Measurement: Equatable, Sendable {
  /// The number of rows: samples, or time steps of samples.
  package private(set) var rows = 0
  private var lossSum = 0.0
  private var metricSums: [Double]

  init(metrics: Int) { metricSums = [Double](repeating: 0, count: metrics) }

  /// The mean loss.
  package var loss: Double { lossSum / Double(rows) }
  /// The mean of each metric, in the model's order.
  package var metrics: [Double] { metricSums.map { $0 / Double(rows) } }

  mutating func add(
    rows: Int, loss: UnsafeMutablePointer<Float>, metrics: [UnsafeMutablePointer<Float>]
  ) {
    for row in 0..<rows { unsafe lossSum += Double(loss[row]) }
    for index in metricSums.indices {
      for row in 0..<rows { unsafe metricSums[index] += Double(metrics[index][row]) }
    }
    self.rows += rows
  }
}

/// How an epoch of training ended.
package enum EpochResult: Equatable, Sendable {
  /// Every batch was trained.
  case finished(Measurement)
  /// The loss or a weight is no longer finite since this batch (the first is 1).
  case diverged(batch: Int)
  /// The caller asked to stop; the model's state is between two epochs and must not be stored.
  case stopped
}

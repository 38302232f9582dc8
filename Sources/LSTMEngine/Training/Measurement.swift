/// The loss and metrics of some rows, summed in row order.
///
/// As in Keras a batch counts in the mean loss by its number of sequences, even where each of their
/// time steps has a loss and the sequences differ in length; metrics are means over all rows alike.
package struct Measurement: Equatable, Sendable {
  /// The number of sequences.
  package private(set) var sequences = 0
  /// The number of rows: sequences, or time steps of sequences.
  package private(set) var rows = 0
  private var lossSum = 0.0
  private var metricSums: [Double]

  init(metrics: Int) { metricSums = [Double](repeating: 0, count: metrics) }

  /// The mean loss.
  package var loss: Double { lossSum / Double(sequences) }
  /// The mean of each metric, in the model's order.
  package var metrics: [Double] { metricSums.map { $0 / Double(rows) } }

  mutating func add(
    sequences: Int, rows: Int, loss: UnsafeMutablePointer<Float>,
    metrics: [UnsafeMutablePointer<Float>]
  ) {
    let weight = Double(sequences) / Double(rows)
    for row in 0..<rows { unsafe lossSum += weight * Double(loss[row]) }
    for index in metricSums.indices {
      for row in 0..<rows { unsafe metricSums[index] += Double(metrics[index][row]) }
    }
    self.sequences += sequences
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

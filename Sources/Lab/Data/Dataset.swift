/// Samples and their targets in memory, rectangular and finite.
package struct Dataset: Equatable, Sendable {
  /// The number of samples, N.
  package let samples: Int
  /// The number of time steps of every sample, T.
  package let steps: Int
  /// The number of features of every time step, F.
  package let features: Int
  /// The samples, (N, T, F).
  package let x: [Float]
  /// The shape of one sample's target: `[]`, `[O]` or `[T, O]`.
  package let targetShape: [Int]
  /// The targets, (N) + `targetShape`.
  package let y: [Float]

  /// The number of target values of one sample.
  package var targetSize: Int { targetShape.reduce(1, *) }

  /// Makes a data set; the lengths of the arrays must fit the counts.
  package init(samples: Int, steps: Int, features: Int, x: [Float], targetShape: [Int], y: [Float])
  {
    precondition(
      FloatArray.count(of: [samples, steps, features]) == x.count,
      "\(x.count) ≠ \(samples)·\(steps)·\(features)")
    precondition(
      FloatArray.count(of: [samples] + targetShape) == y.count,
      "\(y.count) ≠ \(samples)·\(targetShape)")
    self.samples = samples
    self.steps = steps
    self.features = features
    self.x = x
    self.targetShape = targetShape
    self.y = y
  }

  /// Returns the samples of `range`, in order.
  package func subset(_ range: Range<Int>) -> Dataset {
    let size = steps * features
    return Dataset(
      samples: range.count, steps: steps, features: features,
      x: Array(x[range.lowerBound * size..<range.upperBound * size]),
      targetShape: targetShape,
      y: Array(y[range.lowerBound * targetSize..<range.upperBound * targetSize]))
  }

  /// Splits off the last part as Keras's `validation_split` does, before any shuffling: the first
  /// ⌊N·(1 − fraction)⌋ samples are trained on.
  ///
  /// - Returns: nil when one of the parts would be empty.
  package func split(validation fraction: Double) -> (train: Dataset, validation: Dataset)? {
    let first = Int((Double(samples) * (1 - fraction)).rounded(.down))
    guard first > 0, first < samples else { return nil }
    return (subset(0..<first), subset(first..<samples))
  }
}

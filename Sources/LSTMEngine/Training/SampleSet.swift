/// The sequences and targets that a model trains on or is measured with.
///
/// Sequences may differ in length; they stand one after the other, with nothing between them.
package struct SampleSet: Sendable {
  /// The number of time steps of each sequence, (N), each at least 1.
  package let lengths: [Int]
  /// The number of features at each step, F.
  package let features: Int
  /// The inputs, (Σ lengths, F).
  package let x: [Float]
  /// What the outputs should be.
  package let targets: Targets
  /// The number of time steps of the longest sequence, T.
  package let steps: Int
  /// Whether all sequences have as many time steps as the longest.
  let areEquallyLong: Bool
  /// The row of x at which each sequence starts, and at last the number of rows, (N + 1).
  let starts: [Int]

  /// The targets of a sample set.
  package enum Targets: Sendable {
    /// One value an output: (N, O), or (Σ lengths, O) where the model's output has time steps.
    case values([Float], outputs: Int)
    /// One class index: (N), or (Σ lengths) where the model's output has time steps.
    case classes([Int32])

    /// The number of rows: N, or Σ lengths.
    package var rows: Int {
      switch self {
      case .values(let values, let outputs): values.count / outputs
      case .classes(let classes): classes.count
      }
    }
  }

  /// The lengths of the arrays must fit those of the sequences.
  package init(lengths: [Int], features: Int, x: [Float], targets: Targets) {
    var starts = [0]
    starts.reserveCapacity(lengths.count + 1)
    for (sample, length) in lengths.enumerated() {
      precondition(length > 0, "sequence \(sample) has \(length) steps")
      starts.append(starts[sample] + length)
    }
    let rows = starts[lengths.count]
    precondition(x.count == rows * features, "\(x.count) inputs for \(rows) × \(features)")
    precondition(
      targets.rows == lengths.count || targets.rows == rows,
      "\(targets.rows) rows of targets for \(lengths.count) sequences of \(rows) steps")
    self.lengths = lengths
    self.features = features
    self.x = x
    self.targets = targets
    self.starts = starts
    let steps = lengths.max() ?? 0
    self.steps = steps
    areEquallyLong = lengths.allSatisfy { $0 == steps }
  }

  /// A set of `count` sequences of one length.
  package init(count: Int, steps: Int, features: Int, x: [Float], targets: Targets) {
    self.init(
      lengths: [Int](repeating: steps, count: count), features: features, x: x, targets: targets)
  }

  /// The number of sequences, N.
  package var count: Int { lengths.count }

  /// Returns the rows of x, and of targets with time steps, that belong to a sequence.
  package func rows(of sample: Int) -> Range<Int> { starts[sample]..<starts[sample + 1] }
}

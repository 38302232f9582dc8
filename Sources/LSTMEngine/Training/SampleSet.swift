/// The sequences and targets that a model trains on or is measured with.
package struct SampleSet: Sendable {
  /// The number of sequences, N.
  package let count: Int
  /// The number of time steps of each sequence, T.
  package let steps: Int
  /// The number of features at each step, F.
  package let features: Int
  package let x: [Float]  // (N, T, F)
  package let targets: Targets

  /// The targets of a sample set.
  package enum Targets: Sendable {
    /// One value an output: (N, O), or (N, T, O) where the model's output has time steps.
    case values([Float], outputs: Int)
    /// One class index: (N), or (N, T) where the model's output has time steps.
    case classes([Int32])

    /// The number of rows: N, or N · T.
    package var rows: Int {
      switch self {
      case .values(let values, let outputs): values.count / outputs
      case .classes(let classes): classes.count
      }
    }
  }

  /// Makes a set; the lengths of the arrays must fit the counts.
  package init(count: Int, steps: Int, features: Int, x: [Float], targets: Targets) {
    precondition(
      x.count == count * steps * features, "\(x.count) inputs for \(count) × \(steps) × \(features)"
    )
    precondition(
      targets.rows == count || targets.rows == count * steps,
      "\(targets.rows) rows of targets for \(count) × \(steps)")
    self.count = count
    self.steps = steps
    self.features = features
    self.x = x
    self.targets = targets
  }
}

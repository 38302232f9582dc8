package import LabFormats

/// Samples and their targets in memory: sequences of one or more time steps, all numbers finite.
package struct Dataset: Equatable, Sendable {
  /// The number of time steps of each sample, (N), each from 1.
  package let lengths: [Int]
  /// The number of time steps of the longest sample.
  package let steps: Int
  /// The number of features of every time step, F.
  package let features: Int
  /// The samples one after the other, without padding: (Σ lengths, F).
  package let x: [Float]
  /// What the model should make of each sample.
  package let targets: RaggedArray
  /// The name of each class, where the targets are the places of names in this list.
  package let classNames: [String]?
  /// The name of each feature, where the source has names.
  package let featureNames: [String]?
  /// The samples as they were read, (Σ lengths, F), where they are wanted and one is no float32; gone
  /// once they were scaled.
  package private(set) var doubles: [Double]?
  /// What was suspicious when they were loaded; a selection of them has none.
  package var warnings: [LabWarning] = []

  /// The number of samples, N.
  package var samples: Int { lengths.count }
  /// The targets' values, sample after sample.
  package var y: [Float] { targets.values }
  /// Whether all samples have the same number of time steps.
  package var isRectangular: Bool { lengths.allSatisfy { $0 == steps } }

  /// There are three axes in `x`, and as many samples as in `targets`.
  package init(
    x: RaggedArray, targets: RaggedArray, classNames: [String]? = nil,
    featureNames: [String]? = nil
  ) {
    precondition(x.axes == 3, "x has \(x.axes) axes")
    precondition(x.count == targets.count, "\(x.count) samples, \(targets.count) targets")
    precondition(x.lengths.allSatisfy { $0 > 0 }, "a sample without time step")
    precondition(
      featureNames.map { $0.count == x.width } ?? true, "names for \(x.width) features")
    lengths = x.lengths
    steps = x.lengths.max() ?? 0
    features = x.width
    self.x = x.values
    doubles = x.doubles.flatMap { doubles in
      zip(doubles, x.values).contains { $0 != Double($1) } ? doubles : nil
    }
    self.targets = targets
    self.classNames = classNames
    self.featureNames = featureNames
  }

  /// The samples with their lengths.
  package var sequences: RaggedArray {
    RaggedArray(axes: 3, lengths: lengths, width: features, values: x, doubles: doubles)
  }

  /// Returns the samples with the given numbers, in that order.
  package func selecting(_ samples: [Int]) -> Dataset {
    Dataset(
      x: sequences.selecting(samples), targets: targets.selecting(samples),
      classNames: classNames, featureNames: featureNames)
  }

  /// Returns the same samples with each class number as a row with 1 in its place and 0 elsewhere;
  /// targets that are not classes stay as they are.
  package func withClassRows() -> Dataset {
    guard let classNames else { return self }
    var rows = [Float](repeating: 0, count: y.count * classNames.count)
    for (row, number) in y.enumerated() { rows[row * classNames.count + Int(number)] = 1 }
    let isPerStep = targets.axes == 3
    return Dataset(
      x: sequences,
      targets: RaggedArray(
        axes: isPerStep ? 3 : 2,
        lengths: isPerStep ? targets.lengths : targets.lengths.map { _ in classNames.count },
        width: isPerStep ? classNames.count : 1, values: rows),
      classNames: classNames, featureNames: featureNames)
  }

  /// Returns the same samples with every feature scaled.
  package func normalized(by normalization: Normalization) -> Dataset {
    Dataset(
      x: RaggedArray(
        axes: 3, lengths: lengths, width: features, values: normalization.applied(to: self)),
      targets: targets, classNames: classNames, featureNames: featureNames)
  }

  /// The same samples with nothing but float32 numbers.
  package var withoutDoubles: Dataset {
    var data = self
    data.doubles = nil
    return data
  }
}

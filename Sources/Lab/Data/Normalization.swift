import LabFormats

/// A scale for each feature, taken from training samples: (value − shift) / scale.
package struct Normalization: Equatable, Sendable {
  /// How the numbers below were found.
  package let kind: Normalize
  /// What is subtracted from each feature.
  package let shifts: [Double]
  /// What each feature is divided by then, never 0.
  package let scales: [Double]

  /// Finds the scales of the features of `data` over all time steps of all samples, in float64.
  ///
  /// `standard` takes the mean and the standard deviation (of the population, as scikit-learn's
  /// StandardScaler), `minmax` the least and the range. A feature that never changes has the scale
  /// 1. Sums are taken in the samples' order, the mean before the deviations.
  ///
  /// - Returns: nil for `none`.
  package init?(_ kind: Normalize, of data: Dataset) {
    if kind == .none { return nil }
    let moments =
      data.doubles.map { Moments($0, data.features, isExact: true) }
      ?? Moments(data.x, data.features, isExact: false)
    let isConstant = zip(moments.low, moments.high).map { $0 == $1 }
    let scales =
      kind == .minmax ? zip(moments.low, moments.high).map { $1 - $0 } : moments.deviations
    self.kind = kind
    shifts = isConstant.indices.map {
      kind == .minmax || isConstant[$0] ? moments.low[$0] : moments.means[$0]
    }
    // Squares of the least float64 numbers are 0.
    self.scales = isConstant.indices.map { isConstant[$0] || scales[$0] == 0 ? 1 : scales[$0] }
  }

  /// Takes the scales that a run has stored.
  init(_ kind: Normalize, shifts: [Double], scales: [Double]) {
    self.kind = kind
    self.shifts = shifts
    self.scales = scales
  }

  /// Returns the values of all features, one time step after the other, scaled in float64 from the
  /// numbers as they were read, and each rounded once.
  func applied(to data: Dataset) -> [Float] {
    data.doubles.map(scaled) ?? scaled(data.x)
  }

  /// Returns targets, one row of outputs after the other, scaled in float64 and each rounded once.
  func applied(toTargets targets: [Float]) -> [Float] { scaled(targets) }

  private func scaled<Number: BinaryFloatingPoint>(_ numbers: [Number]) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(numbers.count)
    numbers.forEachFeature(of: shifts.count) { feature, number in
      values.append(scaled(number, feature))
    }
    return values
  }

  /// Returns a number of one feature, scaled.
  func scaled(_ number: Double, _ feature: Int) -> Float {
    Float((number - shifts[feature]) / scales[feature])
  }
}

extension Normalization {
  /// Finds the scales of the outputs' targets in the same way; of windows each column's over all rows of
  /// the series, for every step of the horizon.
  init?(_ kind: Normalize, ofTargets data: Dataset) {
    let targets = data.targets
    let outputs = targets.axes == 3 ? targets.width : targets.lengths.first ?? 1
    guard targets.axes == 3 || targets.isRectangular else { return nil }
    var (values, width) = (targets.values, outputs)
    if let windows = data.windows {
      width = windows.series.count / max(1, windows.seriesLengths.reduce(0, +))
      values = windows.series
    }
    let rows = Dataset(
      x: RaggedArray(
        axes: 3, lengths: [values.count / width], width: width, values: values),
      targets: RaggedArray(axes: 1, lengths: [1], values: [0]))
    guard let columns = Normalization(kind, of: rows.withoutMissingRows) else { return nil }
    self.kind = kind
    shifts = (0..<outputs).map { columns.shifts[$0 % width] }
    scales = (0..<outputs).map { columns.scales[$0 % width] }
  }
}

/// What scales are made of, for each feature.
private struct Moments {
  var low, high: [Double]
  var means, deviations: [Double]

  /// Looks at all numbers twice.
  ///
  /// - Parameter isExact: Whether sums carry what they round off, and the deviations' own mean,
  ///   which should be 0, is taken out of their squares (T. Chan, G. Golub, R. LeVeque, Algorithms
  ///   for computing the sample variance, 1983). Time stamps, whose means are large, need it; what
  ///   is float32 was always summed without, and keeps its bits.
  init<Number: BinaryFloatingPoint>(_ numbers: [Number], _ features: Int, isExact: Bool) {
    let rows = Double(numbers.count / features)
    var low = [Double](repeating: .infinity, count: features)
    var high = [Double](repeating: -.infinity, count: features)
    var sums = [Sum](repeating: Sum(), count: features)
    numbers.forEachFeature(of: features) { feature, number in
      low[feature] = min(low[feature], number)
      high[feature] = max(high[feature], number)
      sums[feature].add(number)
    }
    let means = sums.map { $0.mean(of: rows, isExact) }
    var deviations = [Sum](repeating: Sum(), count: features)
    var squares = [Sum](repeating: Sum(), count: features)
    numbers.forEachFeature(of: features) { feature, number in
      let deviation = number - means[feature]
      deviations[feature].add(deviation)
      squares[feature].add(deviation * deviation)
    }
    self.low = low
    self.high = high
    self.means = means
    self.deviations = (0..<features).map { feature in
      let rest = isExact ? deviations[feature].total(isExact) : 0
      return (max(0, squares[feature].total(isExact) - rest * rest / rows) / rows).squareRoot()
    }
  }
}

/// A sum, and beside it what its additions have rounded off (A. Neumaier, 1974).
private struct Sum {
  private var sum = 0.0
  private var rest = 0.0

  mutating func add(_ number: Double) {
    let next = sum + number
    rest += sum.magnitude >= number.magnitude ? (sum - next) + number : (number - next) + sum
    sum = next
  }

  /// The sum, with or without what was rounded off.
  func total(_ isExact: Bool) -> Double { isExact ? sum + rest : sum }

  /// The mean of so many numbers; of the exact sum, what the division leaves is divided too.
  func mean(of count: Double, _ isExact: Bool) -> Double {
    let mean = sum / count
    return isExact ? mean + (sum.addingProduct(-mean, count) + rest) / count : mean
  }
}

extension Array where Element: BinaryFloatingPoint {
  /// Calls `body` with the feature of each number, which are one time step after the other, and the
  /// number.
  fileprivate func forEachFeature(of features: Int, _ body: (Int, Double) -> Void) {
    var feature = 0
    for number in self {
      body(feature, Double(number))
      feature += 1
      if feature == features { feature = 0 }
    }
  }
}

/// A scale for each feature, taken from training samples: (value − shift) / scale.
package struct Normalization: Equatable, Sendable {
  /// How the numbers below were found.
  package let kind: Normalize
  /// What is subtracted from each feature.
  package let shifts: [Double]
  /// What each feature is divided by then, never 0.
  package let scales: [Double]

  /// Finds the scales of the features of `data` over all time steps of all samples.
  ///
  /// `standard` takes the mean and the standard deviation (of the population, as scikit-learn's
  /// StandardScaler), `minmax` the least and the range. A feature that never changes has the scale
  /// 1. Sums are taken in double precision in the samples' order, the mean before the deviations.
  ///
  /// - Returns: nil for `none`.
  package init?(_ kind: Normalize, of data: Dataset) {
    let rows = data.lengths.reduce(0, +)
    let features = data.features
    var low = [Float](repeating: .infinity, count: features)
    var high = [Float](repeating: -.infinity, count: features)
    var sums = [Double](repeating: 0, count: features)
    Self.forEach(data.x, features) { feature, value in
      low[feature] = min(low[feature], value)
      high[feature] = max(high[feature], value)
      sums[feature] += Double(value)
    }
    switch kind {
    case .none: return nil
    case .minmax:
      shifts = low.map(Double.init)
      scales = zip(low, high).map { $0 == $1 ? 1 : Double($1) - Double($0) }
    case .standard:
      let means = zip(zip(low, high), sums).map { limits, sum in
        limits.0 == limits.1 ? Double(limits.0) : sum / Double(rows)
      }
      var squares = [Double](repeating: 0, count: features)
      Self.forEach(data.x, features) { feature, value in
        let deviation = Double(value) - means[feature]
        squares[feature] += deviation * deviation
      }
      shifts = means
      scales = zip(zip(low, high), squares).map { limits, square in
        limits.0 == limits.1 ? 1 : (square / Double(rows)).squareRoot()
      }
    }
    self.kind = kind
  }

  /// Returns values of all features, one time step after the other, scaled.
  package func applied(to values: [Float]) -> [Float] {
    var scaled: [Float] = []
    scaled.reserveCapacity(values.count)
    Self.forEach(values, shifts.count) { feature, value in
      scaled.append(Float((Double(value) - shifts[feature]) / scales[feature]))
    }
    return scaled
  }

  /// Returns a value of one feature, scaled.
  func scaled(_ value: Float, _ feature: Int) -> Float {
    Float((Double(value) - shifts[feature]) / scales[feature])
  }

  /// Calls `body` with the feature of each value and the value.
  private static func forEach(_ values: [Float], _ features: Int, _ body: (Int, Float) -> Void) {
    var feature = 0
    for value in values {
      body(feature, value)
      feature += 1
      if feature == features { feature = 0 }
    }
  }
}

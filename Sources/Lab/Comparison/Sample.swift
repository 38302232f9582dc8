import LabFormats

/// Some measurements of the same thing, such as one metric of runs that differ in their seed.
package struct Sample: Equatable, Sendable {
  /// The number of measurements.
  package let count: Int
  /// Their arithmetic mean.
  package let mean: Double
  /// The standard deviation of the population they are drawn from: √(Σ(x − mean)² / (n − 1)); nil
  /// for a single one.
  package let deviation: Double?

  /// Describes at least one measurement.
  package init(_ values: [Double]) {
    let spread = Spread(values)
    count = spread.count
    mean = spread.mean
    deviation = count < 2 ? nil : (spread.squares / Double(count - 1)).squareRoot()
  }

  /// Returns `0.5914 ± 0.0123`, both numbers in the same form.
  func text(_ form: NumberForm) -> String {
    let mean = form.text(mean)
    return deviation.map { "\(mean) ± \(form.text($0))" } ?? mean
  }

  /// The estimated variance of the mean: s² / n.
  private var meanVariance: Double? {
    deviation.map { $0 * $0 / Double(count) }
  }

  /// Returns the interval in which the difference of the two populations' means to `other`'s lies
  /// with a confidence of 95 %, without the assumption that they spread equally.
  ///
  /// B. L. Welch, The generalization of "Student's" problem when several different population
  /// variances are involved, Biometrika 34, 1947. nil where either sample is a single measurement, and
  /// where the squares of what is stored are beyond all numbers.
  package func difference(to other: Sample) -> ClosedRange<Double>? {
    guard let own = meanVariance, let others = other.meanVariance else { return nil }
    let difference = mean - other.mean
    let variance = own + others
    guard difference.isFinite, variance.isFinite else { return nil }
    guard variance > 0 else { return difference...difference }
    let degrees =
      variance * variance
      / (own * own / Double(count - 1) + others * others / Double(other.count - 1))
    guard degrees > 0, degrees.isFinite else { return nil }
    let margin = StudentT.quantile(0.975, degrees: degrees) * variance.squareRoot()
    guard margin.isFinite else { return nil }
    return (difference - margin)...(difference + margin)
  }
}

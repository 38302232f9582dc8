import Lab
import Testing

/// Student's t and Welch's interval against printed tables and worked values.
@Suite struct WelchTests {
  /// Quantiles of the usual tables, to their printed digits.
  @Test(arguments: [
    (0.975, 1.0, 12.706), (0.975, 2, 4.303), (0.975, 3, 3.182), (0.975, 5, 2.571),
    (0.975, 10, 2.228), (0.975, 30, 2.042), (0.975, 120, 1.980), (0.975, 1e9, 1.960),
    (0.95, 4, 2.132), (0.995, 7, 3.499), (0.5, 3, 0),
  ])
  func `quantiles are those of the tables`(probability: Double, degrees: Double, t: Double) {
    #expect(abs(StudentT.quantile(probability, degrees: degrees) - t) < 0.0005)
  }

  /// With one degree of freedom P(T ≤ t) is 1/2 + atan(t)/π, with two 1/2 + t / (2 √(2 + t²)).
  @Test func `probabilities of one and two degrees have closed forms`() {
    for step in -40...40 {
      let t = Double(step) / 4
      let two = 0.5 + t / (2 * (2 + t * t).squareRoot())
      #expect(abs(StudentT.probability(t, degrees: 2) - two) < 1e-13)
    }
    #expect(abs(StudentT.probability(1, degrees: 1) - 0.75) < 1e-14)
    #expect(abs(StudentT.probability(-1, degrees: 1) - 0.25) < 1e-14)
  }

  @Test func `an interval of equal samples is the pooled one`() throws {
    // With equal sizes and spreads Welch's degrees of freedom are 2 (n − 1).
    let a = Sample([1, 2, 3, 4]), b = Sample([11, 12, 13, 14])
    let interval = try #require(b.difference(to: a))
    let margin = StudentT.quantile(0.975, degrees: 6) * (2 * (5.0 / 3) / 4).squareRoot()
    #expect(abs(interval.lowerBound - (10 - margin)) < 1e-12)
    #expect(abs(interval.upperBound - (10 + margin)) < 1e-12)
  }

  @Test func `a single measurement has no interval, equal ones an exact one`() {
    #expect(Sample([1]).difference(to: Sample([1, 2])) == nil)
    #expect(Sample([1]).deviation == nil)
    #expect(Sample([3, 3]).difference(to: Sample([1, 1])) == 2...2)
    // 0.8 + 0.8 + 0.8 is not 3 · 0.8.
    for count in 2..<40 {
      let equal = Sample([Double](repeating: 0.8, count: count))
      #expect(equal.mean == 0.8 && equal.deviation == 0)
    }
  }

  private static let extremes: [(id: String, a: [Double], b: [Double])] = [
    ("large", [1e200, 2e200], [1, 2]), ("small", [1e-100, 2e-100], [1e-100, 3e-100]),
    ("largest", [1e308, 1e308], [-1e308, 1]), ("least", [.leastNonzeroMagnitude, 1e-160], [0, 0]),
    ("infinite", [.infinity, .infinity], [.infinity, .infinity]),
    ("mixed", [.infinity, 1], [1, 2]),
  ]

  /// A loss that is stored may be any number.
  @Test(arguments: extremes)
  func `where squares are beyond all numbers there is no interval`(
    id: String, a: [Double], b: [Double]
  ) {
    for (one, other) in [(a, b), (b, a), (a, a)] {
      guard let interval = Sample(one).difference(to: Sample(other)) else { continue }
      #expect(interval.lowerBound.isFinite && interval.upperBound.isFinite, "\(id)")
    }
    #expect(Sample(a).difference(to: Sample(b)) == nil, "\(id)")
  }

  /// The interval covers the true difference in 95 of 100 draws, whatever the spreads.
  @Test(arguments: [(3, 3, 1.0), (4, 12, 5.0), (20, 5, 0.2)])
  func `the interval covers the truth as often as it says`(first: Int, second: Int, spread: Double)
  {
    var random = CounterRandom(seed: 11)
    func normal() -> Double {
      // The sum of twelve uniform numbers, less six, is nearly normal.
      (0..<12).reduce(-6) { sum, _ in sum + Double(random.next() >> 11) / 9_007_199_254_740_992 }
    }
    let trials = 4000
    let covered = (0..<trials).filter { _ in
      let a = Sample((0..<first).map { _ in normal() })
      let b = Sample((0..<second).map { _ in 2 + spread * normal() })
      return b.difference(to: a)?.contains(2) == true
    }.count
    // Four standard deviations of a binomial count around 95 %, and Welch's own approximation.
    #expect(abs(Double(covered) / Double(trials) - 0.95) < 0.025)
  }
}

import Foundation

/// Student's t distribution.
package enum StudentT {
  /// Returns P(T ≤ t) with any positive number of degrees of freedom.
  ///
  /// For t > 0 it is 1 − I_x(ν/2, 1/2) / 2 with x = ν / (ν + t²).
  package static func probability(_ t: Double, degrees: Double) -> Double {
    precondition(degrees > 0, "\(degrees) degrees of freedom")
    let tail = 0.5 * incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5)
    return t > 0 ? 1 - tail : tail
  }

  /// Returns the t with P(T ≤ t) = `probability`, which lies between 0.5 and 1.
  package static func quantile(_ probability: Double, degrees: Double) -> Double {
    precondition(probability >= 0.5 && probability < 1, "quantile at \(probability)")
    var (low, high) = (0.0, 1.0)
    while Self.probability(high, degrees: degrees) < probability, high < 1e300 { high *= 2 }
    for _ in 0..<200 where low.nextUp < high {
      let middle = low + (high - low) / 2
      if Self.probability(middle, degrees: degrees) < probability {
        low = middle
      } else {
        high = middle
      }
    }
    return high
  }

  /// The regularised incomplete beta function I_x(a, b), by the continued fraction of
  /// https://dlmf.nist.gov/8.17.E22 where that converges fast, else by I_x(a, b) = 1 − I_1−x(b, a).
  static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    // Decided once: rounding must not send a point between the two forms for ever.
    let isFast = x <= (a + 1) / (a + b + 2)
    let part = isFast ? series(x, a, b) : series(1 - x, b, a)
    return isFast ? part : 1 - part
  }

  /// x^a (1 − x)^b / (a B(a, b)) times the continued fraction.
  private static func series(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let logFront = a * log(x) + b * log1p(-x) + lgamma(a + b) - lgamma(a) - lgamma(b)
    return exp(logFront) / a * fraction(x, a, b)
  }

  /// 1 / (1 + d₁ / (1 + d₂ / (1 + …))), from the left (Lentz's method).
  private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let least = 1e-300
    var c = 1.0
    var d = 1 / away(1 - (a + b) * x / (a + 1), from: least)
    var result = d
    for m in 1...10_000 {
      let m = Double(m)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / away(1 + even * d, from: least)
      c = away(1 + even / c, from: least)
      result *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / away(1 + odd * d, from: least)
      c = away(1 + odd / c, from: least)
      result *= d * c
      if abs(d * c - 1) < 1e-16 { break }
    }
    return result
  }

  private static func away(_ value: Double, from least: Double) -> Double {
    abs(value) < least ? least : value
  }
}

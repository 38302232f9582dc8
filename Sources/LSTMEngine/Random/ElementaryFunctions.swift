/// Logarithm, exponential and cosine in double precision from + − × ÷ alone, so that initial weights
/// and learning rates have the same bits on every machine; the system's own differ between processors.
package enum ElementaryFunctions {
  private static let ln2High = 0x1.62e42fee00000p-1  // 32 bits, so that e · ln2High is exact
  private static let ln2Low = 0x1.a39ef35793c76p-33

  /// Returns ln x for a normal x > 0.
  ///
  /// x = 2ᵉ·m with m in [√½, √2); ln m = 2 artanh((m − 1) / (m + 1)), by its power series.
  package static func log(_ x: Double) -> Double {
    precondition(x.isNormal && x > 0, "log(\(x))")
    var exponent = Double(x.exponent)
    var m = x.significand
    if m > 1.4142135623730951 {
      m *= 0.5
      exponent += 1
    }
    let s = (m - 1) / (m + 1)
    let y = s * s
    var series = 1.0 / 25
    for odd in stride(from: 23.0, through: 3, by: -2) { series = series * y + 1 / odd }
    return exponent * ln2High + (2 * s + (2 * s * y * series + exponent * ln2Low))
  }

  /// Returns eˣ; 0 below the normal numbers.
  ///
  /// x = k·ln 2 + r with |r| ≤ ln 2 / 2; eʳ by its power series, whose first term left out is below
  /// 2⁻⁵⁷.
  package static func exp(_ x: Double) -> Double {
    if x.isNaN { return x }
    if x < -708 { return 0 }
    if x > 709.7 { return .infinity }
    let k = (x / 0x1.62e42fefa39efp-1).rounded()
    let r = (x - k * ln2High) - k * ln2Low
    var series = 1.0
    for n in stride(from: 14.0, through: 1, by: -1) { series = 1 + series * r / n }
    // Two factors, because 2¹⁰²⁴ alone would overflow.
    let half = (k / 2).rounded(.down)
    return series * Double(sign: .plus, exponent: Int(half), significand: 1)
      * Double(sign: .plus, exponent: Int(k - half), significand: 1)
  }

  /// Returns base^exponent for a normal base > 0, or 0 with an exponent of at least 0.
  static func power(_ base: Double, _ exponent: Double) -> Double {
    if exponent == 0 || base == 1 { return 1 }
    if base == 0 { return 0 }
    return exponent == 1 ? base : exp(exponent * log(base))
  }

  /// Returns cos(2π · turns) for turns in [0, 1).
  package static func cosineOfTurns(_ turns: Double) -> Double {
    let eighths = (turns * 8).rounded(.down)
    let octant = Int(eighths)
    // The angle's distance from the nearest multiple of a quarter turn, in [0, π/4].
    let rest = octant % 2 == 0 ? turns * 8 - eighths : eighths + 1 - turns * 8
    let x = rest * 0x1.921fb54442d18p-1  // π / 4
    let usesCosine = octant == 0 || octant == 3 || octant == 4 || octant == 7
    let value = usesCosine ? cosine(x) : sine(x)
    return octant >= 2 && octant <= 5 ? -value : value
  }

  /// Taylor series on [0, π/4]; the first term left out is below 2⁻⁵⁵.
  private static func cosine(_ x: Double) -> Double {
    let y = x * x
    var series = 1.0
    for n in stride(from: 18.0, through: 2, by: -2) { series = 1 - series * y / (n * (n - 1)) }
    return series
  }

  private static func sine(_ x: Double) -> Double {
    let y = x * x
    var series = 1.0
    for n in stride(from: 19.0, through: 3, by: -2) { series = 1 - series * y / (n * (n - 1)) }
    return x * series
  }
}

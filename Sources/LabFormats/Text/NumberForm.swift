/// One way to write all the numbers of a column, so that they can be compared digit by digit.
package struct NumberForm: Equatable, Sendable {
  /// The decimals; nil: an exponent and four decimals.
  private let decimals: Int?

  /// The most decimals that are written before an exponent is easier to read.
  private static let mostDecimals = 8
  /// The most digits of a number without an exponent.
  private static let mostDigits = 12

  /// From here on a number has an exponent whatever the others have: as that of a run that diverges,
  /// it is far from them all.
  private static let huge = 1e9

  /// Chooses the form of losses and metrics: four decimals; an exponent where all are at most a
  /// thousandth; where some are that small and some are not, as many decimals as show three digits of
  /// the least, or an exponent where those would be too many.
  package init(metrics values: some Sequence<Double>) {
    var (least, greatest) = (Double.infinity, 0.0)
    for value in values where value != 0 && value.magnitude < Self.huge {
      least = min(least, value.magnitude)
      greatest = max(greatest, value.magnitude)
    }
    guard least <= 1e-3 else {
      decimals = 4
      return
    }
    var (needed, power) = (2, 1.0)
    while least * power < 1, needed <= Self.mostDecimals {
      power *= 10
      needed += 1
    }
    var digits = needed
    while greatest >= 1, digits <= Self.mostDigits {
      greatest /= 10
      digits += 1
    }
    let isMixed = digits > needed || greatest > 1e-3
    decimals =
      isMixed && needed <= Self.mostDecimals && digits <= Self.mostDigits ? max(4, needed) : nil
  }

  /// Returns the number in this form; what is not finite as `nan`, `inf` or `-inf`.
  package func text(_ value: Double) -> String {
    guard let decimals, value.magnitude < Self.huge else { return NumberText.scientific(value) }
    return NumberText.fixed(value, digits: decimals)
  }
}

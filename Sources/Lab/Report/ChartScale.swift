import Foundation
import LabFormats

/// An axis from one number to another with ticks at round numbers.
struct ChartScale {
  let low, high: Double
  let ticks: [Double]
  /// Decimals that tell the ticks apart.
  private let digits: Int

  /// An axis that holds the range, with about so many ticks at 1, 2 or 5 times a power of ten.
  init(_ range: ClosedRange<Double>, ticks count: Int, isWhole: Bool = false) {
    let width = range.upperBound - range.lowerBound
    // Numbers that cannot be told from one another at their size have no ticks between them.
    let size = max(range.lowerBound.magnitude, range.upperBound.magnitude)
    guard width > size * 1e-12, width.isFinite, (1e-300..<1e300).contains(width) else {
      let half = max(0.5, size / 1000)
      low = range.lowerBound - half
      high = range.lowerBound + half
      ticks = [range.lowerBound]
      digits = isWhole ? 0 : 4
      return
    }
    let exponent = Int(floor(log10(width / Double(count))))
    let power = Self.power(exponent)
    let raw = width / Double(count) / power
    var factor = raw <= 1.0001 ? 1.0 : raw <= 2 ? 2.0 : raw <= 5 ? 5.0 : 10.0
    var scaled = power
    if isWhole, power * factor < 1 { (factor, scaled) = (1, 1) }
    let step = factor * scaled
    let first =
      isWhole ? (range.lowerBound / step).rounded(.up) : (range.lowerBound / step).rounded(.down)
    let last =
      isWhole ? (range.upperBound / step).rounded(.down) : (range.upperBound / step).rounded(.up)
    low = isWhole ? range.lowerBound : first * step
    high = isWhole ? range.upperBound : last * step
    ticks = stride(from: first, through: last, by: 1).map { $0 * step }
    digits = isWhole ? 0 : max(0, -(factor == 10 ? exponent + 1 : exponent))
  }

  private static func power(_ exponent: Int) -> Double {
    var power = 1.0
    for _ in 0..<abs(exponent) { power *= 10 }
    return exponent < 0 ? 1 / power : power
  }

  /// The part of the axis that lies before a number, 0 to 1.
  func part(_ value: Double) -> Double { (value - low) / (high - low) }

  /// A tick as people read it.
  func label(_ tick: Double) -> String {
    digits > 6 || abs(tick) >= 1e7
      ? String(format: "%.3g", tick) : NumberText.fixed(tick, digits: digits)
  }
}

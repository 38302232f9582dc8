import Foundation

/// Numbers as people read them; independent of locale.
package enum NumberText {
  /// Returns the number with commas between thousands, as `1,112,064`.
  package static func count(_ value: Int) -> String {
    let digits = Array(value.magnitude.description)
    var text = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  /// Returns a size with two decimals, in units of 1024 as Keras has them: `552.00 B`, `7.25 MB`.
  package static func bytes(_ value: Int) -> String { bytes(Double(value)) }

  /// Returns the same for a size that may be beyond Int.
  package static func bytes(_ value: Double) -> String {
    let units = ["B", "KB", "MB", "GB", "TB", "PB"]
    var rest = value
    var unit = 0
    while rest / 1024 >= 1, unit < units.count - 1 {
      rest /= 1024
      unit += 1
    }
    return "\(fixed(rest, digits: 2)) \(units[unit])"
  }

  /// Returns a loss or a metric as Keras prints it: four decimals, or an exponent when the value is
  /// at most a thousandth.
  package static func metric(_ value: Double) -> String {
    guard value.isFinite else { return special(value) }
    return value.magnitude > 1e-3 && value.magnitude < 1e9
      ? fixed(value, digits: 4) : String(format: "%.4e", value)
  }

  /// Returns a weight or an activation: four decimals, or an exponent from 1e9 on.
  package static func number(_ value: Double) -> String {
    value.magnitude < 1e9 ? fixed(value, digits: 4) : metric(value)
  }

  /// Returns the value as `-1.2345e-04`; zero is `0`.
  package static func scientific(_ value: Double) -> String {
    guard value.isFinite else { return special(value) }
    return value == 0 ? "0" : String(format: "%.4e", value)
  }

  /// Returns the value rounded to `digits` decimals.
  package static func fixed(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return special(value) }
    return wholeNumber(value.magnitude, digits: digits).map {
      decimal($0, digits: digits, isNegative: value.sign == .minus)
    } ?? String(format: "%.\(digits)f", value)
  }

  /// Powers of ten that scale without rounding errors of their own.
  private static let powers: [Double] = [1, 10, 100, 1e3, 1e4, 1e5, 1e6]

  /// Returns value · 10^digits rounded to a whole number, exact halves to even; nil where that is too
  /// large. Ten times as fast as `printf` and the same to the digit, because the product's rounding
  /// error, which a fused multiply-add tells, decides what lies at one half.
  private static func wholeNumber(_ value: Double, digits: Int) -> UInt64? {
    guard powers.indices.contains(digits) else { return nil }
    let product = value * powers[digits]
    guard product < 0x1p52 else { return nil }
    let error = (-product).addingProduct(value, powers[digits])
    let whole = UInt64(product)
    let part = product - Double(whole)
    let isUp = part > 0.5 || part == 0.5 && (error > 0 || error == 0 && whole % 2 == 1)
    return isUp ? whole + 1 : whole
  }

  /// Returns a whole number with a point before its last `digits` digits.
  private static func decimal(_ whole: UInt64, digits: Int, isNegative: Bool) -> String {
    var reversed: [UInt8] = []
    reversed.reserveCapacity(24)
    var rest = whole
    repeat {
      if digits > 0, reversed.count == digits { reversed.append(Byte.point) }
      reversed.append(Byte.zero + UInt8(rest % 10))
      rest /= 10
    } while rest > 0 || reversed.count <= digits
    if isNegative { reversed.append(Byte.minus) }
    return String(decoding: reversed.reversed(), as: UTF8.self)
  }

  /// Returns the value rounded to so many digits that count, as `0.0123` or `1e-05`.
  package static func rounded(_ value: Double, digits: Int) -> String {
    value.isFinite ? String(format: "%.\(digits)g", value) : special(value)
  }

  /// Returns the fewest digits that read back to the same Double; `nan`, `inf`, `-inf`.
  package static func exact(_ value: Double) -> String {
    value.isFinite ? value.description : special(value)
  }

  private static func special(_ value: Double) -> String {
    value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
  }

  /// Returns a duration in two or three digits: `24µs`, `1.3ms`, `12ms`, `1.3s`, `2m05s`, `1h02m`.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0 else { return "?" }
    switch seconds {
    case ..<0.0009995: return "\(fixed(seconds * 1e6, digits: 0))µs"
    case ..<0.00995: return "\(fixed(seconds * 1e3, digits: 1))ms"
    case ..<0.9995: return "\(fixed(seconds * 1e3, digits: 0))ms"
    case ..<59.95: return "\(fixed(seconds, digits: 1))s"
    default: return longDuration(seconds)
    }
  }

  private static func longDuration(_ seconds: Double) -> String {
    let whole = Int(min(seconds, 1e15).rounded())
    let two = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
    if whole < 3600 { return "\(whole / 60)m\(two(whole % 60))s" }
    let minutes = whole / 60
    if minutes < 24 * 60 { return "\(minutes / 60)h\(two(minutes % 60))m" }
    return "\(minutes / 1440)d\(two(minutes / 60 % 24))h"
  }
}

/// A decimal number as it is written, digits · 10^exponent, read in one pass over its bytes.
struct DecimalNumber {
  private var digits: UInt64 = 0
  private var exponent = 0
  private var isNegative = false
  /// Whether `digits` are all that there are.
  private var isComplete = true
  /// Where the number ends among the bytes.
  private(set) var end: Int

  /// The most digits that always fit 64 bits.
  private static let mostDigits = 19

  /// Reads a sign, digits with at most one mark before, between or behind them, and an exponent; nil for
  /// any other text.
  init?(_ bytes: [UInt8], _ range: Range<Int>, mark: UInt8 = Byte.point) {
    precondition(range.upperBound <= bytes.count, "\(range) of \(bytes.count) bytes")
    let number = unsafe bytes.withUnsafeBufferPointer {
      unsafe DecimalNumber(prefixOf: $0, from: range.lowerBound, to: range.upperBound, mark: mark)
    }
    guard let number, number.end == range.upperBound else { return nil }
    self = number
  }

  /// Reads the number that begins at `start`, and no further than `limit`, which lies in the bytes; nil
  /// where there is none.
  init?(prefixOf bytes: UnsafeBufferPointer<UInt8>, from start: Int, to limit: Int, mark: UInt8) {
    end = start
    guard end < limit else { return nil }
    let sign = unsafe bytes[end]
    isNegative = sign == Byte.minus
    if isNegative || sign == Byte.plus { end += 1 }
    let first = end
    unsafe readDigits(bytes, to: limit)
    var count = end - first
    if end < limit, unsafe bytes[end] == mark {
      end += 1
      let point = end
      unsafe readDigits(bytes, to: limit)
      exponent = point - end
      count -= exponent
    }
    guard count > 0 else { return nil }
    isComplete = count <= Self.mostDigits
    if end < limit, unsafe bytes[end] | 0x20 == UInt8(ascii: "e") {
      guard unsafe readExponent(bytes, to: limit) else { return nil }
    }
  }

  /// Takes the digits at the end in.
  private mutating func readDigits(_ bytes: UnsafeBufferPointer<UInt8>, to limit: Int) {
    while end < limit, unsafe Byte.isDigit(bytes[end]) {
      digits = unsafe digits &* 10 &+ UInt64(bytes[end] &- Byte.zero)
      end += 1
    }
  }

  /// Takes `e`, a sign and digits in; false where there are no digits.
  private mutating func readExponent(_ bytes: UnsafeBufferPointer<UInt8>, to limit: Int) -> Bool {
    end += 1
    let sign = end < limit ? unsafe bytes[end] : 0
    if sign == Byte.minus || sign == Byte.plus { end += 1 }
    let first = end
    var value = 0
    while end < limit, unsafe Byte.isDigit(bytes[end]) {
      // Beyond this it is infinite or 0, however many digits there are before.
      if value < 1 << 40 { value = unsafe value * 10 + Int(bytes[end] - Byte.zero) }
      end += 1
    }
    exponent += sign == Byte.minus ? -value : value
    return end > first
  }

  /// The nearest Double, ties to even, where whole numbers of 64 bits tell it; else nil.
  var nearest: Double? {
    guard isComplete else { return nil }
    guard let magnitude = quotientOfDoubles ?? quotientOfWholes else { return nil }
    return isNegative ? -magnitude : magnitude
  }

  /// The nearest Double and the nearest Float, ties to even, where the Double tells both; else nil.
  ///
  /// Rounding to Double first is harmless unless it is no normal Float or lies halfway between two.
  var wide: WideNumber? {
    guard let value = nearest else { return nil }
    let isHalfway = value.bitPattern & 0x1FFF_FFFF == 0x1000_0000
    let isNormal = value.magnitude >= Double(Float.leastNormalMagnitude)
    return value == 0 || isNormal && !isHalfway
      ? WideNumber(double: value, float: Float(value)) : nil
  }

  /// Powers of ten that a Double holds exactly.
  private static let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// The value when one rounding of two exact Doubles gives it (W. Clinger, How to read
  /// floating-point numbers accurately, 1990).
  private var quotientOfDoubles: Double? {
    guard digits <= 1 << 53, abs(exponent) < Self.powers.count else { return nil }
    return exponent < 0
      ? Double(digits) / Self.powers[-exponent] : Double(digits) * Self.powers[exponent]
  }

  /// Powers of five that 63 bits hold.
  private static let fives: [UInt64] = (1...27).reduce(into: [1]) { fives, _ in
    fives.append(fives[fives.count - 1] * 5)
  }

  /// The value of digits / (5^k · 2^k), whose quotient of 64 bits and remainder say exactly how the 53
  /// bits of a Double are rounded.
  private var quotientOfWholes: Double? {
    guard digits > 0, exponent <= 0, -exponent < Self.fives.count else { return nil }
    let five = Self.fives[-exponent]
    let (up, down) = (digits.leadingZeroBitCount, five.leadingZeroBitCount)
    let (dividend, divisor) = (digits << UInt64(up), five << UInt64(down))
    // Both have their highest bit set; so has the quotient, of dividend · 2^64 or of half that.
    let isLess = dividend < divisor
    let (quotient, remainder) = divisor.dividingFullWidth(
      isLess ? (dividend, 0) : (dividend >> 1, dividend << 63))
    let power = (isLess ? -64 : -63) + down - up + exponent
    let rest = quotient & 0x7FF
    var significand = quotient >> 11
    let isOdd = significand % 2 == 1
    if rest > 0x400 || rest == 0x400 && (remainder > 0 || isOdd) { significand += 1 }
    return Double(sign: .plus, exponent: power + 11, significand: Double(significand))
  }
}

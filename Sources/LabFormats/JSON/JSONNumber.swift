/// The meaning of a number's digits; whoever asks has checked their grammar before.
enum JSONNumber {
  /// The Double nearest to the decimal text `bytes[start..<end]`, ties to even.
  package static func double(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Double {
    exact(bytes, start, end) ?? slow(bytes, start, end, as: Double.self)
  }

  /// The Float nearest to the decimal text `bytes[start..<end]`, ties to even.
  ///
  /// Rounding to Double first is harmless unless the Double lies halfway between two Floats.
  package static func float(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Float {
    rounded(bytes, start, end).float
  }

  /// Both the Double and the Float nearest to the decimal text `bytes[start..<end]`, ties to even.
  package static func rounded(_ bytes: [UInt8], _ start: Int, _ end: Int) -> WideNumber {
    let value = double(bytes, start, end)
    let isHalfway = value.bitPattern & 0x1FFF_FFFF == 0x1000_0000
    let isNormal = value.magnitude >= Double(Float.leastNormalMagnitude)
    let isPlain = value == 0 || (isNormal && !isHalfway)
    return WideNumber(
      double: value, float: isPlain ? Float(value) : slow(bytes, start, end, as: Float.self))
  }

  /// The Int of a text without fraction and exponent; nil for others and on overflow.
  package static func integer(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int? {
    Int(String(decoding: bytes[start..<end], as: UTF8.self))
  }

  /// Powers of ten that a Double holds exactly.
  private static let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// The value when one rounding of two exact Doubles gives it (W. Clinger, How to read
  /// floating-point numbers accurately, 1990); nil when the text needs more care.
  private static func exact(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Double? {
    var index = start
    let isNegative = bytes[index] == Byte.minus
    if isNegative { index += 1 }
    var digits: UInt64 = 0
    var exponent = 0
    var hasPoint = false
    if end - index > 19 { return nil }
    while index < end {
      let byte = bytes[index]
      if Byte.isDigit(byte) {
        digits = digits &* 10 &+ UInt64(byte &- Byte.zero)
        if hasPoint { exponent -= 1 }
      } else if byte == Byte.point {
        hasPoint = true
      } else {
        break
      }
      index += 1
    }
    if index < end { exponent += smallExponent(bytes, index + 1, end) }
    guard digits <= 1 << 53, abs(exponent) < powers.count else { return nil }
    let magnitude =
      exponent < 0 ? Double(digits) / powers[-exponent] : Double(digits) * powers[exponent]
    return isNegative ? -magnitude : magnitude
  }

  /// The exponent that begins after `e`; at most 18 characters, so it cannot overflow.
  private static func smallExponent(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int {
    var index = start
    let sign = bytes[index]
    if sign == Byte.minus || sign == Byte.plus { index += 1 }
    var value = 0
    while index < end {
      value = value * 10 + Int(bytes[index] - Byte.zero)
      index += 1
    }
    return sign == Byte.minus ? -value : value
  }

  private static func slow<Value: LosslessStringConvertible>(
    _ bytes: [UInt8], _ start: Int, _ end: Int, as type: Value.Type
  ) -> Value {
    let text = String(decoding: bytes[start..<end], as: UTF8.self)
    guard let value = Value(text) else {
      preconditionFailure("\(text) is no number; the parser let it pass")
    }
    return value
  }
}

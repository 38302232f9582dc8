/// What a decimal number is, however it is written: `1`, `+1.0` and `10e-1` are the same.
package struct DecimalValue: Hashable, Sendable {
  private let isNegative: Bool
  /// The digits, the first and the last of which are not 0; none for 0.
  private let digits: [UInt8]
  /// The power of ten that the last digit counts.
  private let exponent: Int

  /// The most digits of an exponent.
  private static let exponentDigits = 9

  /// Takes apart a sign, digits with at most one decimal mark, and an exponent; nil for any other text.
  package init?(_ text: String, mark: UInt8 = Byte.point) {
    var rest = Array(text.utf8)[...]
    let sign = Self.sign(&rest)
    let whole = rest.prefix(while: Byte.isDigit)
    rest = rest.dropFirst(whole.count)
    var fraction: ArraySlice<UInt8> = []
    if rest.first == mark {
      fraction = rest.dropFirst().prefix(while: Byte.isDigit)
      rest = rest.dropFirst(1 + fraction.count)
    }
    guard !whole.isEmpty || !fraction.isEmpty else { return nil }
    var power = 0
    if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
      rest = rest.dropFirst()
      let isBelow = Self.sign(&rest)
      guard (1...Self.exponentDigits).contains(rest.count), rest.allSatisfy(Byte.isDigit) else {
        return nil
      }
      power = rest.reduce(0) { 10 * $0 + Int($1 - Byte.zero) } * (isBelow ? -1 : 1)
      rest = []
    }
    guard rest.isEmpty else { return nil }
    var digits = Array((whole + fraction).drop { $0 == Byte.zero })
    let length = digits.count
    while digits.last == Byte.zero { digits.removeLast() }
    self.digits = digits
    isNegative = sign && !digits.isEmpty
    exponent = digits.isEmpty ? 0 : power - fraction.count + length - digits.count
  }

  /// Takes away a sign; true for a minus.
  private static func sign(_ rest: inout ArraySlice<UInt8>) -> Bool {
    guard let sign = rest.first, sign == Byte.plus || sign == Byte.minus else { return false }
    rest = rest.dropFirst()
    return sign == Byte.minus
  }
}

extension DecimalValue {
  /// Returns the first two of some texts that are the same number; nil where there are none, or where
  /// one is no number.
  package static func same(_ texts: [String]) -> (first: String, other: String)? {
    var known: [DecimalValue: String] = [:]  // only looked up, never iterated
    var same: (String, String)?
    for text in texts {
      guard let value = DecimalValue(text) else { return nil }
      if let first = known.updateValue(text, forKey: value) { same = same ?? (first, text) }
    }
    return same
  }
}

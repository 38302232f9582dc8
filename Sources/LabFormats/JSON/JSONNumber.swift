/// The meaning of a number's digits; whoever asks has checked their grammar before.
enum JSONNumber {
  /// The Double nearest to the decimal text `bytes[start..<end]`, ties to even.
  package static func double(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Double {
    DecimalNumber(bytes, start..<end)?.nearest ?? slow(bytes, start, end, as: Double.self)
  }

  /// Both the Double and the Float nearest to the decimal text `bytes[start..<end]`, ties to even.
  package static func rounded(_ bytes: [UInt8], _ start: Int, _ end: Int) -> WideNumber {
    DecimalNumber(bytes, start..<end)?.wide
      ?? WideNumber(
        double: double(bytes, start, end), float: slow(bytes, start, end, as: Float.self))
  }

  /// The Int of a text without fraction and exponent; nil for others and on overflow.
  package static func integer(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int? {
    Int(String(decoding: bytes[start..<end], as: UTF8.self))
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

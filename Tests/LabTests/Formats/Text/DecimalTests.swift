import LabFormats
import Testing

/// A number of a text file becomes the Double and the Float nearest to it, as the standard library reads
/// them, to the bit.
@Suite struct DecimalTests {
  private static func read(_ text: String, mark: UInt8 = UInt8(ascii: ".")) throws -> WideNumber? {
    var file = try TextFile(Array(text.utf8), path: "a.csv", what: ".csv")
    file.decimalMark = mark
    return file.decimal(0..<file.bytes.count)
  }

  private func mustBeExact(_ text: String) throws {
    let double = try #require(Double(text))
    let float = try #require(Float(text))
    for (mark, written) in [(".", text), (",", text.replacing(".", with: ","))] {
      let found = try #require(try Self.read(written, mark: Array(mark.utf8)[0]))
      #expect(found.double.bitPattern == double.bitPattern, "\(written)")
      #expect(found.float.bitPattern == float.bitPattern, "\(written)")
    }
  }

  @Test(arguments: 0..<40) func `random digits are rounded once`(seed: Int) throws {
    var random = CounterRandom(seed: UInt64(seed))
    for _ in 0..<500 {
      let count = Int.random(in: 1...24, using: &random)
      var text = (0..<count).map { _ in "\(Int.random(in: 0...9, using: &random))" }.joined()
      let point = Int.random(in: 0...count, using: &random)
      if Bool.random(using: &random) {
        text.insert(".", at: text.index(text.startIndex, offsetBy: point))
      }
      if Int.random(in: 0..<3, using: &random) == 0 {
        text += "e\(Int.random(in: -330...310, using: &random))"
      }
      try mustBeExact((Bool.random(using: &random) ? "-" : "") + text)
    }
  }

  /// What Python and C write of a Double, and the same Double written with the digits that it has.
  @Test(arguments: 0..<20) func `a written Double is read again`(seed: Int) throws {
    var random = CounterRandom(seed: UInt64(1000 + seed))
    for _ in 0..<500 {
      let value = Double.random(in: -1e6...1e6, using: &random)
      #expect(try Self.read("\(value)")?.double == value)
      try mustBeExact("\(value)")
      try mustBeExact("\(Float(value))")
    }
  }

  /// Halves of a last place, which go to the even neighbour, and what lies just beside them.
  @Test(arguments: [
    "9007199254740993", "9007199254740992.9", "9007199254740995", "4503599627370496.5",
    "4503599627370497.5", "4503599627370497.500001", "4503599627370497.499999",
    "2251799813685248.25", "2251799813685248.75", "9999999999999999999", "18446744073709551615",
    "18446744073709551616", "1.000000059604644775390625", "1.00000005960464478",
    "1.0000000596046448", "16777217", "16777219", "16777217.00000000001", "1e23", "8.5e22",
    "1e-27", "1e-28", "9999999999999999999e-27", "5e-324", "2e-324", "1e400", "1e-400",
    "2.2250738585072011e-308", "1.4e-45", "1e-45", "1.17549435e-38", "3.4028236e38", "0e99999999",
    "0.0000000000000000000000000000001", "-0", "0.30000000000000004",
  ])
  func `halves go to even`(text: String) throws { try mustBeExact(text) }

  @Test(arguments: [
    "", "+", "-", ".", "e5", "1e", "1e+", "1e5x", "1..2", "1.2.3", "--1", "1 2", "0x10", "nan",
    "1,5",
    "inf", "1_000", "٣",
  ])
  func `other texts are no numbers`(text: String) throws {
    let file = try TextFile(Array("\(text)|".utf8), path: "a.csv", what: ".csv")
    #expect(file.decimal(0..<file.bytes.count - 1) == nil)
  }

  @Test func `a point may stand first or last, and a plus before`() throws {
    for (text, value) in [(".5", 0.5), ("5.", 5), ("+.5e1", 5), ("+7", 7)] {
      #expect(try Self.read(text) == WideNumber(double: value, float: Float(value)))
    }
  }
}

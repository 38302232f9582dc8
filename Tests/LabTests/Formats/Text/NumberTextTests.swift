import Foundation
import Lab
import LabFormats
import Testing

/// Numbers as people read them.
@Suite struct NumberTextTests {
  /// The fast way of rounding must agree with C's to the digit, ties and signs included.
  @Test(arguments: 0...8)
  func `decimals are those of printf`(digits: Int) {
    var random = CounterRandom(seed: UInt64(digits))
    var values: [Double] = [0, -0.0, 0.5, 1.5, 2.5, -0.5, 0.999_95, 9.999_95, 0x1p52, 1e15, 1e22]
    values += [.leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, -1e-9]
    for _ in 0..<4000 {
      let number = Double(Int64(truncatingIfNeeded: random.next()) >> 20)
      // Halves of the last digit, and what lies beside them; then any size.
      let tie = number / 0x1p20
      values += [tie, tie.nextUp, tie.nextDown, (number + 0.5) / pow(10, Double(digits))]
      values.append(number * pow(2, Double(Int(random.next() % 120)) - 100))
    }
    for value in values {
      let expected = String(format: "%.\(digits)f", value)
      #expect(NumberText.fixed(value, digits: digits) == expected, "\(value)")
    }
  }

  @Test func `weights have four decimals, and an exponent where no digit of them is left`() {
    let texts: [(Double, String)] = [
      (0, "0.0000"), (-0.00001, "-0.0000"), (1e-3, "0.0010"), (999_999_999, "999999999.0000"),
      (1e9, "1.0000e+09"), (-5.15874009e29, "-5.1587e+29"), (.infinity, "inf"), (.nan, "nan"),
    ]
    for (value, text) in texts { #expect(NumberText.number(value) == text) }
  }
}

import LSTMEngine
import Testing

/// How far the engine's own functions are from the exact results.
///
/// `Benchmarks/accuracy/run` measured all 2³² floats: exp 1.009, tanh 2.606, sigmoid 2.402, log 0.850 units
/// in the last place. Every level gives the same bits, so one level stands for all.
@Suite struct FunctionAccuracyTests {
  /// A function with its exact values and the stated bound, in units in the last place.
  struct Bound: Sendable, CustomTestStringConvertible {
    let function: Kernels.Function
    let ulps: Double
    let exact: @Sendable (Double) -> Double

    var testDescription: String { "\(function)" }
  }

  static let bounds: [Bound] = [
    Bound(function: .exp, ulps: 1.01, exact: systemExp),
    Bound(function: .tanh, ulps: 2.61, exact: systemTanh),
    Bound(function: .sigmoid, ulps: 2.41, exact: { 1 / (1 + systemExp(-$0)) }),
    Bound(function: .log, ulps: 0.85, exact: systemLog),
  ]

  /// A prime, so that the low bits of the inputs take all values.
  private static let stride: UInt32 = 4093

  @Test(arguments: bounds)
  func `a million floats from all are within the bound`(bound: Bound) {
    let inputs = Swift.stride(from: 0, through: UInt32.max, by: Int(Self.stride))
      .map(Float.init(bitPattern:))
    let results = Kernels.best.map(bound.function, inputs)
    #expect(results.count == inputs.count && inputs.count > 1_000_000)
    var worst = 0.0
    var greatest: Float = 0
    for (x, y) in zip(inputs, results) {
      worst = max(worst, error(of: y, exact: bound.exact(Double(x))))
      if !y.isNaN { greatest = max(greatest, y.magnitude) }
    }
    #expect(worst <= bound.ulps)
    if bound.function == .tanh || bound.function == .sigmoid { #expect(greatest == 1) }
  }

  /// The distance in units in the last place of the exact result; infinite for a wrong NaN or infinity.
  private func error(of y: Float, exact: Double) -> Double {
    if y.isNaN || exact.isNaN { return y.isNaN && exact.isNaN ? 0 : .infinity }
    let rounded = Float(exact)
    if rounded.isInfinite || y.isInfinite { return y == rounded ? 0 : .infinity }
    let exponent = max(exact.magnitude == 0 ? -126 : Int(exact.exponent), -126)
    let ulp = Double(sign: .plus, exponent: exponent - 23, significand: 1)
    return abs(Double(y) - exact) / ulp
  }

  /// Exact results, signs of zeros included, where there is only one right answer.
  @Test(arguments: Kernels.available)
  func `special inputs give special results`(level: String) throws {
    let kernels = try #require(Kernels(level: level))
    let infinity = Float.infinity
    let tiny = Float.leastNonzeroMagnitude
    let table: [(Kernels.Function, [(Float, Float)])] = [
      (
        .exp,
        [
          (0, 1), (-0.0, 1), (tiny, 1), (-tiny, 1), (infinity, infinity), (-infinity, 0),
          (89, infinity), (-104, 0),
        ]
      ),
      (
        .tanh,
        [
          (0, 0), (-0.0, -0.0), (tiny, tiny), (-tiny, -tiny), (infinity, 1), (-infinity, -1),
          (10, 1), (-10, -1),
        ]
      ),
      (
        .sigmoid,
        [
          (0, 0.5), (-0.0, 0.5), (tiny, 0.5), (-tiny, 0.5), (infinity, 1), (-infinity, 0),
          (18, 1), (-105, 0),
        ]
      ),
      (.log, [(1, 0), (0, -infinity), (-0.0, -infinity), (infinity, infinity)]),
    ]
    for (function, pairs) in table {
      let results = kernels.map(function, pairs.map(\.0))
      #expect(results.map(\.bitPattern) == pairs.map(\.1.bitPattern), "\(function)")
      #expect(kernels.map(function, [.nan, -.nan]).allSatisfy { $0.isNaN }, "\(function)")
    }
    #expect(kernels.map(.log, [-1, -tiny, -infinity]).allSatisfy { $0.isNaN })
  }

  /// Once a function has reached its end it stays there, up to the greatest float.
  @Test(arguments: [
    (Kernels.Function.tanh, Float(9.02), Float(1)), (.tanh, -9.02, -1), (.sigmoid, 17.5, 1),
    (.sigmoid, -104, 0), (.exp, 88.75, .infinity), (.exp, -104, 0),
  ])
  func `functions stay at their ends`(function: Kernels.Function, from start: Float, end: Float) {
    let last = Float.greatestFiniteMagnitude.bitPattern
    let inputs = Swift.stride(from: start.magnitude.bitPattern, through: last, by: 10_007).map {
      Float(sign: start.sign, exponent: 0, significand: Float(bitPattern: $0))
    }
    let results = Kernels.best.map(function, inputs)
    #expect(inputs.first == start && inputs.count > 90_000)
    #expect(results.allSatisfy { $0 == end })
  }
}

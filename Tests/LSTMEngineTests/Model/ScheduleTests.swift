import Testing

@testable import LSTMEngine

/// Learning rates as functions of the step.
@Suite struct ScheduleTests {
  @Test func `the exponential is near the system's`() {
    let stream = RandomStream(seed: 4, purpose: .shuffle, number: 1)
    for index in 0..<20_000 {
      let x = (stream.uniform(index) - 0.5) * 1400
      let expected = systemExp(x)
      #expect(abs(ElementaryFunctions.exp(x) - expected) <= expected * 0x1p-51, "exp(\(x))")
    }
    #expect(ElementaryFunctions.exp(0) == 1)
    #expect(ElementaryFunctions.exp(-1e9) == 0)
    #expect(ElementaryFunctions.exp(1e9) == .infinity)
    #expect(ElementaryFunctions.exp(709.5).isFinite)
  }

  @Test func `powers of whole exponents are products`() {
    for base in [0.1, 0.5, 0.96, 0.999, 1] {
      var product = 1.0
      for exponent in 0...40 {
        let power = ElementaryFunctions.power(base, Double(exponent))
        // The rounding of the logarithm grows with the exponent, that of the product too.
        let bound = product * (2 - Double(exponent) * (systemLog(base) - 1)) * 0x1p-52
        #expect(abs(power - product) <= bound, "\(base)^\(exponent)")
        product *= base
      }
    }
    #expect(ElementaryFunctions.power(0, 0) == 1)
    #expect(ElementaryFunctions.power(0, 0.5) == 0)
  }

  static let schedules: [LearningRateSchedule] = [
    .exponentialDecay(steps: 7, rate: 0.5, staircase: false),
    .exponentialDecay(steps: 7, rate: 0.5, staircase: true),
    .inverseTimeDecay(steps: 7, rate: 0.5, staircase: false),
    .inverseTimeDecay(steps: 7, rate: 0.5, staircase: true),
    .cosineDecay(steps: 20, alpha: 0.1, warmup: nil),
    .polynomialDecay(steps: 20, end: 0.001, power: 2, cycle: false),
    .piecewiseConstantDecay(boundaries: [3, 9], values: [0.01, 0.005, 0.0001]),
  ]

  @Test(arguments: schedules) func `rates begin at the initial one and fall`(
    schedule: LearningRateSchedule
  ) {
    let rates = (0...60).map { schedule.rate(initial: 0.01, iteration: $0) }
    #expect(abs(rates[0] - 0.01) < 1e-17)
    for (before, after) in zip(rates, rates.dropFirst()) { #expect(after <= before) }
    #expect(rates[60] < 0.006)
  }

  @Test func `decays end where they shall`() {
    let cosine = LearningRateSchedule.cosineDecay(
      steps: 10, alpha: 0.25, warmup: .init(target: 0.08, steps: 4))
    #expect(cosine.rate(initial: 0.04, iteration: 0) == 0.04)
    #expect(cosine.rate(initial: 0.04, iteration: 2) == 0.06)
    #expect(cosine.rate(initial: 0.04, iteration: 4) == 0.08)
    for late in [14, 15, 1_000_000_000] {
      #expect(cosine.rate(initial: 0.04, iteration: late) == 0.02)
    }
    let polynomial = LearningRateSchedule.polynomialDecay(
      steps: 10, end: 0.001, power: 3, cycle: false)
    #expect(polynomial.rate(initial: 0.01, iteration: 10) == 0.001)
    #expect(polynomial.rate(initial: 0.01, iteration: 11) == 0.001)
    let constant = LearningRateSchedule.piecewiseConstantDecay(boundaries: [3], values: [2, 1])
    #expect([3, 4].map { constant.rate(initial: 9, iteration: $0) } == [2, 1])
    #expect(
      [7, 8, 9].map {
        LearningRateSchedule.exponentialDecay(steps: 4, rate: 0.5, staircase: true)
          .rate(initial: 1, iteration: $0)
      } == [0.5, 0.25, 0.25])
  }
}

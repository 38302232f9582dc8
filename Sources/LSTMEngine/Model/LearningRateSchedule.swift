/// A learning rate that changes from optimizer step to step: Keras's schedules with their formulas
/// (keras/src/optimizers/schedules/learning_rate_schedule.py), in double precision.
///
/// The rate is a pure function of the number of steps made before, so a resume needs nothing of it.
package enum LearningRateSchedule: Equatable, Sendable {
  /// η₀ · rate^(i / steps), the exponent rounded down for a staircase.
  case exponentialDecay(steps: Int, rate: Double, staircase: Bool)
  /// η₀ / (1 + rate · i / steps), the quotient i / steps rounded down for a staircase.
  case inverseTimeDecay(steps: Int, rate: Double, staircase: Bool)
  /// Half a cosine wave from η₀ down to alpha · η₀; with a warm-up, a line to its target before, and
  /// the wave starts there.
  case cosineDecay(steps: Int, alpha: Double, warmup: Warmup?)
  /// (η₀ − end) · (1 − i / steps)^power + end; after `steps` the end, or with `cycle` a longer
  /// stretch of the curve.
  case polynomialDecay(steps: Int, end: Double, power: Double, cycle: Bool)
  /// values[k] while i is at most boundaries[k], the last value beyond; η₀ counts for nothing.
  case piecewiseConstantDecay(boundaries: [Int], values: [Double])

  /// A straight line from the initial rate to the rate that a decay starts from.
  package struct Warmup: Equatable, Sendable {
    /// The rate at the line's end.
    package var target: Double
    /// The number of steps up to there; 0 starts at the target.
    package var steps: Int

    /// With 0 `steps` the decay starts from the target at once.
    package init(target: Double, steps: Int) {
      self.target = target
      self.steps = steps
    }
  }

  /// Returns the rate of the step that `iteration` others were made before; `initial` is η₀.
  package func rate(initial: Double, iteration: Int) -> Double {
    let i = Double(iteration)
    switch self {
    case .exponentialDecay(let steps, let rate, let staircase):
      let p = i / Double(steps)
      return initial * ElementaryFunctions.power(rate, staircase ? p.rounded(.down) : p)
    case .inverseTimeDecay(let steps, let rate, let staircase):
      let p = i / Double(steps)
      return initial / (1 + rate * (staircase ? p.rounded(.down) : p))
    case .cosineDecay(let steps, let alpha, let warmup):
      return Self.cosine(initial, i, steps: Double(steps), alpha: alpha, warmup)
    case .polynomialDecay(let steps, let end, let power, let cycle):
      let cycles = cycle ? max(1, (i / Double(steps)).rounded(.up)) : 1
      let stretch = Double(steps) * cycles
      let rest = 1 - min(i, stretch) / stretch
      return (initial - end) * ElementaryFunctions.power(rest, power) + end
    case .piecewiseConstantDecay(let boundaries, let values):
      precondition(
        values.count == boundaries.count + 1,
        "\(values.count) values for \(boundaries.count) boundaries")
      return values[boundaries.firstIndex { iteration <= $0 } ?? boundaries.count]
    }
  }

  private static func cosine(
    _ initial: Double, _ i: Double, steps: Double, alpha: Double, _ warmup: Warmup?
  ) -> Double {
    var start = initial
    var i = i
    if let warmup {
      let length = Double(warmup.steps)
      if i < length { return (warmup.target - initial) * (i / length) + initial }
      start = warmup.target
      i -= length
    }
    let wave = 0.5 * (1 + ElementaryFunctions.cosineOfTurns(0.5 * (min(i, steps) / steps)))
    return start * ((1 - alpha) * wave + alpha)
  }
}

/// The learning rate of every optimizer step.
package enum LearningRate: Equatable, Sendable {
  /// The same for all.
  case constant(Double)
  /// A function of the number of steps made before.
  case scheduled(initial: Double, LearningRateSchedule)

  /// Returns the rate of the step that `iteration` others were made before.
  package func at(iteration: Int) -> Double {
    switch self {
    case .constant(let rate): rate
    case .scheduled(let initial, let schedule):
      schedule.rate(initial: initial, iteration: iteration)
    }
  }
}

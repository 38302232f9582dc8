internal import LSTMKernels

/// One step's movement of a weight, split into what its gradient did and what was there before.
///
/// The denominators of Adam and RMSprop are taken as they were in the step, its own gradient in them:
/// then the movement is linear in the gradient, and each of its terms has a part.
package struct WeightMovement: Equatable, Sendable {
  /// What a unit of gradient moved the weight by.
  package let perGradient: Double
  /// What the optimizer's momentum of earlier steps moved it by.
  package let momentum: Double
  /// What the decay of weights moved it by.
  package let decay: Double
}

extension WeightStep {
  /// Returns the movement by Keras's formulas, in double precision with the step's float32 settings.
  package func movement(
    _ optimizer: OptimizerSpecification, learningRate: LearningRate
  ) -> WeightMovement {
    guard isTrained else { return WeightMovement(perGradient: 0, momentum: 0, decay: 0) }
    let s = optimizer.settings(
      iteration: iteration, learningRate: learningRate.at(iteration: iteration))
    let rate = Double(s.rate), epsilon = Double(s.epsilon)
    switch optimizer.kind {
    case .sgd(let momentum, let nesterov):
      guard momentum != 0 else { return WeightMovement(perGradient: -rate, momentum: 0, decay: 0) }
      let mu = Double(s.momentum), m = Double(slotsBefore[0])
      return nesterov  // m' = μm − ηg, w += μm' − ηg
        ? WeightMovement(perGradient: -rate * (1 + mu), momentum: mu * mu * m, decay: 0)
        : WeightMovement(perGradient: -rate, momentum: mu * m, decay: 0)
    case .adam(let adam), .adamw(let adam, _):  // w −= α·(m + (g − m)(1 − β₁)) / (√v + ε)
      let square = Double(slotsAfter[adam.amsgrad ? 2 : 1])
      let fraction = Double(s.one_minus_beta_1)
      let scale = -rate / (square.squareRoot() + epsilon)
      return WeightMovement(
        perGradient: scale * fraction, momentum: scale * (1 - fraction) * Double(slotsBefore[0]),
        decay: -Double(before) * Double(s.decay))
    case .rmsprop(let settings):  // w −= μm + ηg / √(v − mean² + ε)
      let hasMomentum = settings.momentum > 0
      let mean = settings.centered ? Double(slotsAfter[hasMomentum ? 2 : 1]) : 0
      let denominator = Double(slotsAfter[0]) - mean * mean + epsilon
      return WeightMovement(
        perGradient: -rate / denominator.squareRoot(),
        momentum: hasMomentum ? -Double(s.momentum) * Double(slotsBefore[1]) : 0, decay: 0)
    }
  }
}

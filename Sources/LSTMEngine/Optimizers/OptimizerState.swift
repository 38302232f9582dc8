internal import LSTMKernels

/// An optimizer's running state: one flat buffer a slot, laid out as the weights are.
@safe struct OptimizerState {
  let specification: OptimizerSpecification
  let slots: [UnsafeMutablePointer<Float>]

  init(_ specification: OptimizerSpecification, floats: Int, arena: Arena) {
    self.specification = specification
    unsafe slots = specification.slotNames.map { _ in unsafe arena.take(floats) }
  }

  /// Applies step `iteration` (0 is the first) to a range of the flat buffers.
  func apply(
    _ kernels: lk_kernels, range: Range<Int>, weights: UnsafeMutablePointer<Float>,
    gradients: UnsafeMutablePointer<Float>, iteration: Int, learningRate: Double
  ) {
    var settings = specification.settings(iteration: iteration, learningRate: learningRate)
    let offset = range.lowerBound
    let count = range.count
    func slot(_ name: String) -> UnsafeMutablePointer<Float>? {
      unsafe specification.slotNames.firstIndex(of: name).map { unsafe slots[$0] + offset }
    }
    let w = unsafe weights + offset
    let g = unsafe gradients + offset
    switch specification.kind {
    case .sgd:
      unsafe kernels.sgd(&settings, count, w, g, slots.first.map { unsafe $0 + offset })
    case .adam, .adamw:
      let greatest = unsafe slots.count > 2 ? slots[2] + offset : nil
      unsafe kernels.adam(&settings, count, w, g, slots[0] + offset, slots[1] + offset, greatest)
    case .rmsprop:
      unsafe kernels.rmsprop(
        &settings, count, w, g, slots[0] + offset, slot("momentum"), slot("average_gradient"))
    }
  }
}

extension OptimizerSpecification {
  /// The names of the optimizer's slots, in the order in which they are stored; Keras's names.
  package var slotNames: [String] {
    switch kind {
    case .sgd(let momentum, _): momentum == 0 ? [] : ["momentum"]
    case .adam(let adam), .adamw(let adam, _):
      ["momentum", "velocity"] + (adam.amsgrad ? ["velocity_hat"] : [])
    case .rmsprop(let rmsprop):
      ["velocity"] + (rmsprop.momentum > 0 ? ["momentum"] : [])
        + (rmsprop.centered ? ["average_gradient"] : [])
    }
  }

  /// The numbers of step `iteration` (0 is the first), in the form that the kernels take.
  func settings(iteration: Int, learningRate: Double) -> lk_optimizer {
    var settings = lk_optimizer()
    settings.rate = Float(learningRate)
    switch kind {
    case .sgd(let momentum, let nesterov):
      settings.momentum = Float(momentum)
      settings.nesterov = nesterov ? 1 : 0
    case .adam(let adam): adam.fill(&settings, iteration: iteration, learningRate: learningRate)
    case .adamw(let adam, let weightDecay):
      adam.fill(&settings, iteration: iteration, learningRate: learningRate)
      settings.decay = Float(weightDecay * learningRate)
    case .rmsprop(let rmsprop):
      settings.rho = Float(rmsprop.rho)
      settings.one_minus_rho = Float(1 - rmsprop.rho)
      settings.momentum = Float(rmsprop.momentum)
      settings.epsilon = Float(rmsprop.epsilon)
      settings.centered = rmsprop.centered ? 1 : 0
    }
    return settings
  }
}

extension AdamSettings {
  /// α = η·√(1 − β₂ᵗ) / (1 − β₁ᵗ), the bias correction folded into the rate as Keras does.
  fileprivate func fill(_ settings: inout lk_optimizer, iteration: Int, learningRate: Double) {
    let t = iteration + 1
    settings.rate = Float(
      learningRate * (1 - power(beta2, t)).squareRoot() / (1 - power(beta1, t)))
    settings.one_minus_beta_1 = Float(1 - beta1)
    settings.one_minus_beta_2 = Float(1 - beta2)
    settings.epsilon = Float(epsilon)
    settings.amsgrad = amsgrad ? 1 : 0
  }
}

/// Returns base to a positive integer power by repeated squaring: the same bits everywhere, from the
/// exponent alone.
private func power(_ base: Double, _ exponent: Int) -> Double {
  var result = 1.0
  var factor = base
  var rest = exponent
  while rest > 0 {
    if rest & 1 == 1 { result *= factor }
    factor *= factor
    rest >>= 1
  }
  return result
}

internal import LSTMKernels

/// An optimizer's running state: one flat buffer a slot, laid out as the weights are.
@safe struct OptimizerState {
  let specification: OptimizerSpecification
  let slots: [UnsafeMutablePointer<Float>]

  init(_ specification: OptimizerSpecification, floats: Int, arena: Arena) {
    self.specification = specification
    unsafe slots = specification.slotNames.map { _ in unsafe arena.take(floats) }
  }

  /// Applies one step to a range of the flat buffers.
  func apply(
    _ settings: lk_optimizer, _ kernels: Kernels, range: Range<Int>, _ parameters: ParameterBuffers
  ) {
    var settings = settings
    let kernels = unsafe kernels.table
    let offset = range.lowerBound
    let count = range.count
    func slot(_ index: Int) -> UnsafeMutablePointer<Float>? {
      unsafe index < slots.count ? slots[index] + offset : nil
    }
    let w = unsafe parameters.weights + offset
    let g = unsafe parameters.gradients + offset
    switch specification.kind {
    case .sgd:
      unsafe kernels.sgd(&settings, count, w, g, slot(0))
    case .adam, .adamw:
      unsafe kernels.adam(&settings, count, w, g, slot(0), slot(1), slot(2))
    case .rmsprop(let rmsprop):
      let hasMomentum = rmsprop.momentum > 0
      unsafe kernels.rmsprop(
        &settings, count, w, g, slot(0), hasMomentum ? slot(1) : nil,
        rmsprop.centered ? slot(hasMomentum ? 2 : 1) : nil)
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

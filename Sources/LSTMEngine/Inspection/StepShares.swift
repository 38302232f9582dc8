internal import LSTMKernels

/// How an optimizer step moved the weights, as a linear function of the gradients, times the gradient of a
/// loss: Keras's formulas, in float32 where they are kept for every weight.
///
/// A sample's part u of the momentum becomes λ·u + fresh·g, and its movement is what `ofMomentum` says of u
/// and `direct` of g.
struct StepShares {
  /// The loss's gradient times what a unit of momentum moved each weight by.
  let ofMomentum: [Float]
  /// The loss's gradient times what a unit of gradient moved each weight by beside that; nil for nothing.
  let direct: [Float]?
  /// What decay did to the loss.
  let decay: Double
  private let fresh: [Float]
  private let remaining: Double  // λ

  /// Looks at a step that is done.
  ///
  /// - Parameters:
  ///   - gradient: That of the loss, before the step.
  ///   - before: The weights before the step.
  ///   - unlimited: The gradients before they were limited; empty where nothing limits them.
  init(_ network: Network, gradient: [Float], before: [Float], unlimited: [Float]) {
    let optimizer = network.description.optimizer
    let s = network.settingsOfStep
    let (rate, epsilon) = (Double(s.rate), Double(s.epsilon))
    let slots = unsafe network.optimizer.slots
    var isTrained = [Bool](repeating: false, count: gradient.count)
    for layer in network.trainedLayers {
      let first = layer.placement.offset
      for index in first..<first + layer.placement.floats { isTrained[index] = true }
    }
    /// The share of a weight's gradient that was applied.
    func share(_ index: Int) -> Double {
      guard isTrained[index] else { return 0 }
      guard !unlimited.isEmpty, unlimited[index] != 0 else { return 1 }
      return unsafe Double(network.parameters.gradients[index]) / Double(unlimited[index])
    }
    func each(_ value: (Int) -> Double) -> [Float] { gradient.indices.map { Float(value($0)) } }
    func loss(_ index: Int) -> Double { isTrained[index] ? Double(gradient[index]) : 0 }
    var decay = 0.0
    switch optimizer.kind {
    case .sgd(let momentum, let nesterov):
      remaining = Double(s.momentum)
      let mu = remaining
      if momentum == 0 {
        (ofMomentum, fresh) = ([], [])
        direct = each { -rate * share($0) * loss($0) }
      } else {
        ofMomentum = each { (nesterov ? mu : 1) * loss($0) }
        fresh = each { -rate * share($0) }
        direct = nesterov ? each { -rate * share($0) * loss($0) } : nil
      }
    case .adam(let adam), .adamw(let adam, _):
      remaining = 1 - Double(s.one_minus_beta_1)
      let square = unsafe slots[adam.amsgrad ? 2 : 1]
      ofMomentum = each { unsafe -rate / (Double(square[$0]).squareRoot() + epsilon) * loss($0) }
      fresh = each { Double(s.one_minus_beta_1) * share($0) }
      direct = nil
      if s.decay != 0 {
        for index in gradient.indices {
          decay -= Double(s.decay) * Double(before[index]) * loss(index)
        }
      }
    case .rmsprop(let settings):
      remaining = Double(s.momentum)
      let hasMomentum = settings.momentum > 0
      /// What a unit of gradient is divided by.
      func root(_ index: Int) -> Double {
        let mean =
          unsafe settings.centered ? Double(slots[hasMomentum ? 2 : 1][index]) : 0
        return unsafe (Double(slots[0][index]) - mean * mean + epsilon).squareRoot()
      }
      if hasMomentum {
        ofMomentum = each { -loss($0) }
        fresh = each { rate * share($0) / root($0) }
        direct = nil
      } else {
        (ofMomentum, fresh) = ([], [])
        direct = each { -rate * share($0) / root($0) * loss($0) }
      }
    }
    self.decay = decay
  }

  /// What is left of a part of the momentum after some steps.
  func kept(_ steps: Int) -> Double {
    (0..<steps).reduce(1.0) { kept, _ in kept * remaining }
  }

  /// Brings a sample's part of the momentum up to date with its gradient in this step.
  func renew(
    _ momentum: UnsafeMutablePointer<Float>, kept: Double, _ gradient: UnsafePointer<Float>
  ) {
    let kept = Float(kept)
    unsafe fresh.withUnsafeBufferPointer { fresh in
      for index in fresh.indices {
        unsafe momentum[index] = kept * momentum[index] + fresh[index] * gradient[index]
      }
    }
  }
}

extension OptimizerSpecification {
  /// The slot that holds what earlier gradients move weights by; nil where there is none.
  var momentumSlot: Int? {
    switch kind {
    case .sgd(let momentum, _): momentum == 0 ? nil : 0
    case .adam, .adamw: 0
    case .rmsprop(let settings): settings.momentum > 0 ? 1 : nil
    }
  }

  /// Whether earlier gradients go on moving weights.
  var hasMomentum: Bool { momentumSlot != nil }
}

/// An optimizer and its settings, with Keras's defaults.
package struct OptimizerSpecification: Equatable, Sendable {
  package var kind: Kind
  package var learningRate: Double

  package enum Kind: Equatable, Sendable {
    case sgd(momentum: Double, nesterov: Bool)
    case adam(AdamSettings)
    case adamw(AdamSettings, weightDecay: Double)
    case rmsprop(RMSpropSettings)
  }

  package init(kind: Kind, learningRate: Double) {
    self.kind = kind
    self.learningRate = learningRate
  }

  /// Keras's default: Adam with a learning rate of 0.001.
  package static let adam = Self(kind: .adam(AdamSettings()), learningRate: 0.001)
}

/// The settings that Adam and AdamW share.
package struct AdamSettings: Equatable, Sendable {
  package var beta1 = 0.9
  package var beta2 = 0.999
  package var epsilon = 1e-7
  package var amsgrad = false

  package init() {}
}

/// The settings of RMSprop.
package struct RMSpropSettings: Equatable, Sendable {
  package var rho = 0.9
  package var momentum = 0.0
  package var epsilon = 1e-7
  package var centered = false

  package init() {}
}

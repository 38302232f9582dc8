/// An optimizer and its settings, with Keras's defaults.
package struct OptimizerSpecification: Equatable, Sendable {
  /// The rule with its settings.
  package var kind: Kind
  /// The rate that steps are scaled by; training may change it from epoch to epoch.
  package var learningRate: Double

  /// A rule with its settings.
  package enum Kind: Equatable, Sendable {
    /// Gradient descent, plain or with momentum.
    case sgd(momentum: Double, nesterov: Bool)
    /// Adam: steps scaled by running means of the gradient and of its square.
    case adam(AdamSettings)
    /// Adam that also shrinks the weights.
    case adamw(AdamSettings, weightDecay: Double)
    /// Steps scaled by a running mean of the gradient's square.
    case rmsprop(RMSpropSettings)
  }

  /// The rate is what a schedule starts from, where there is one.
  package init(kind: Kind, learningRate: Double) {
    self.kind = kind
    self.learningRate = learningRate
  }

  /// Keras's default: Adam with a learning rate of 0.001.
  package static let adam = Self(kind: .adam(AdamSettings()), learningRate: 0.001)
}

/// The settings that Adam and AdamW share.
package struct AdamSettings: Equatable, Sendable {
  /// The decay of the running mean of the gradient.
  package var beta1 = 0.9
  /// The decay of the running mean of its square.
  package var beta2 = 0.999
  /// What is added to the root in the denominator.
  package var epsilon = 1e-7
  /// Whether the greatest mean of squares so far takes the place of the present one.
  package var amsgrad = false

  /// Keras's defaults.
  package init() {}
}

/// The settings of RMSprop.
package struct RMSpropSettings: Equatable, Sendable {
  /// The decay of the running mean of the gradient's square.
  package var rho = 0.9
  /// How much of the last step stays in the next one.
  package var momentum = 0.0
  /// What is added to the mean of squares.
  package var epsilon = 1e-7
  /// Whether the mean of squares is taken about the mean gradient.
  package var centered = false

  /// Keras's defaults.
  package init() {}
}

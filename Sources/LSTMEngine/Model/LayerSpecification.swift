/// A layer of a model as the user described it, with every default filled in.
package struct LayerSpecification: Equatable, Sendable {
  /// The layer's name, unique in its model; Keras's default names are `lstm`, `lstm_1`, `dense`, ….
  package var name: String
  package var kind: Kind

  /// The layer's type with its arguments.
  package enum Kind: Equatable, Sendable {
    case lstm(LSTMSpecification)
    case dense(DenseSpecification)
  }

  /// Makes a layer.
  package init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
  }

  /// The number of outputs at each time step.
  package var units: Int {
    switch kind {
    case .lstm(let lstm): lstm.units
    case .dense(let dense): dense.units
    }
  }

  /// Whether the layer gives an output for every time step when its input is a sequence.
  package var keepsSteps: Bool {
    switch kind {
    case .lstm(let lstm): lstm.returnSequences
    case .dense: true
    }
  }
}

/// The arguments of a `lstm` layer.
package struct LSTMSpecification: Equatable, Sendable {
  package var units: Int
  package var activation = Activation.tanh
  package var recurrentActivation = Activation.sigmoid
  package var useBias = true
  package var unitForgetBias = true
  package var returnSequences = false

  package init(units: Int) { self.units = units }
}

/// The arguments of a `dense` layer.
package struct DenseSpecification: Equatable, Sendable {
  package var units: Int
  package var activation = Activation.linear
  package var useBias = true

  package init(units: Int) { self.units = units }
}

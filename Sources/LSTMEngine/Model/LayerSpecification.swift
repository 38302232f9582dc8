/// A layer of a model as the user described it, with every default filled in.
package struct LayerSpecification: Equatable, Sendable {
  /// The layer's name, unique in its model; Keras's default names are `lstm`, `lstm_1`, `dense`, ….
  package var name: String
  /// The layer's type with its arguments.
  package var kind: Kind

  /// The layer's type with its arguments.
  package enum Kind: Equatable, Sendable {
    /// A recurrent layer.
    case lstm(LSTMSpecification)
    /// A fully connected layer.
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
  /// The number of cells.
  package var units: Int
  /// The function of the candidate and of the state that is shown; not softmax.
  package var activation = Activation.tanh
  /// The function of the three gates; not softmax.
  package var recurrentActivation = Activation.sigmoid
  /// Whether each gate has a bias.
  package var useBias = true
  /// Whether the forget gate's bias starts at one instead of zero.
  package var unitForgetBias = true
  /// Whether there is an output for every time step, or for the last alone.
  package var returnSequences = false

  /// Makes a layer with the defaults of everything but the number of cells.
  package init(units: Int) { self.units = units }
}

/// The arguments of a `dense` layer.
package struct DenseSpecification: Equatable, Sendable {
  /// The number of outputs.
  package var units: Int
  /// The function of the sums.
  package var activation = Activation.linear
  /// Whether each output has a bias.
  package var useBias = true

  /// Makes a layer with the defaults of everything but the number of outputs.
  package init(units: Int) { self.units = units }
}

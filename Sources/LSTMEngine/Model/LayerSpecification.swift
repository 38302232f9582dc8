/// A layer of a model as the user described it, with every default filled in.
package struct LayerSpecification: Equatable, Sendable {
  /// The layer's name, unique in its model; Keras's default names are `lstm`, `lstm_1`, `dense`, ….
  package var name: String
  /// The layer's type with its arguments.
  package var kind: Kind
  /// Whether training changes the layer's weights; where it does not, they stay as they are, to the
  /// bit, and so does what the optimizer knows of them.
  package var trainable = true

  /// The layer's type with its arguments.
  package enum Kind: Equatable, Sendable {
    /// A recurrent layer of any cell.
    case recurrent(RecurrentSpecification)
    /// Two recurrent layers of one kind, one for each direction of time.
    case bidirectional(RecurrentSpecification)
    /// A fully connected layer.
    case dense(DenseSpecification)
    /// A table that is read by whole numbers.
    case embedding(EmbeddingSpecification)
    /// A layer that drops some of its inputs in training.
    case dropout(DropoutSpecification)
  }

  /// A layer is trained unless it is said not to be.
  package init(name: String, kind: Kind, trainable: Bool = true) {
    self.name = name
    self.kind = kind
    self.trainable = trainable
  }

  /// The directions in which the layer reads: both, or one that has no name.
  package var directions: [Direction?] {
    if case .bidirectional = kind { [.forward, .backward] } else { [nil] }
  }

  /// The arguments of the cells, in each direction; nil for a layer without cells.
  package var recurrent: RecurrentSpecification? {
    switch kind {
    case .recurrent(let recurrent), .bidirectional(let recurrent): recurrent
    case .dense, .embedding, .dropout: nil
    }
  }
}

/// The arguments of a `dense` layer.
package struct DenseSpecification: Equatable, Sendable {
  /// The number of outputs.
  package var units: Int
  /// The function of the sums.
  package var activation = Activation.linear
  /// Whether each output has a bias.
  package var useBias = true

  /// Everything but the number of outputs has Keras's default.
  package init(units: Int) { self.units = units }
}

/// The arguments of a `dropout` layer (Srivastava and others, 2014).
package struct DropoutSpecification: Equatable, Sendable {
  /// The part of the inputs that is set to zero in training, from 0 to below 1; the others are
  /// divided by 1 − rate.
  package var rate: Double

  /// A `rate` of 0 drops nothing.
  package init(rate: Double) { self.rate = rate }
}

/// The arguments of a recurrent layer of any cell.
package struct RecurrentSpecification: Equatable, Sendable {
  /// The kind of its cells.
  package var cell: RecurrentCell
  /// The number of cells.
  package var units: Int
  /// The function of the candidate and of the state that is shown; not softmax.
  package var activation = Activation.tanh
  /// The function of the gates that weigh; not softmax.
  package var recurrentActivation = Activation.sigmoid
  /// Whether each gate has a bias.
  package var useBias = true
  /// Whether an LSTM's forget gate's bias starts at one instead of zero; nothing to other cells.
  package var unitForgetBias = true
  /// Whether there is an output for every time step, or for the last alone.
  package var returnSequences = false
  /// The part of the inputs that is set to zero in training, the same at each step of a sequence and
  /// for every gate; the others are divided by 1 − rate.
  package var dropout = 0.0
  /// The same for the outputs of the step before, as the sums read them.
  package var recurrentDropout = 0.0

  /// Everything but the cell and the number of cells has Keras's default.
  package init(_ cell: RecurrentCell, units: Int) {
    self.cell = cell
    self.units = units
  }
}

/// The arguments of an `embedding` layer: a table with a row for each whole number of the input.
package struct EmbeddingSpecification: Equatable, Sendable {
  /// How many numbers there are: inputs are 0 ..< `inputDimension`.
  package var inputDimension: Int
  /// The number of outputs for each.
  package var outputDimension: Int

  /// The table has `inputDimension` rows of `outputDimension` numbers.
  package init(inputDimension: Int, outputDimension: Int) {
    self.inputDimension = inputDimension
    self.outputDimension = outputDimension
  }
}

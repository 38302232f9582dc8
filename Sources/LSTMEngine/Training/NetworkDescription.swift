/// Everything that a network's memory and arithmetic depend on, checked to fit together.
package struct NetworkDescription: Equatable, Sendable {
  /// The layers from the samples to the output, at least one.
  package var layers: [LayerSpecification]
  /// What training makes small.
  package var loss: Loss
  /// What is measured besides.
  package var metrics: [RowMetric]
  /// The rule of the steps.
  package var optimizer: OptimizerSpecification
  /// The number of features at each step, F.
  package var features: Int
  /// The number of time steps, T.
  package var steps: Int
  /// The greatest number of sequences in a batch.
  package var batchSize: Int
  /// Limits on the gradients of a step.
  package var clipping = GradientClipping()
  /// What the loss of a row of each class is multiplied by in training; empty where all count alike.
  package var classWeights: [Float] = []
  /// What a unit of each output is in the units of the data, in which metrics are measured; empty where
  /// outputs are in these units.
  package var outputScales: [Float] = []

  /// Whether gradients go on to the inputs, so that they can be asked for; training needs none.
  package var givesInputGradient = false

  /// The seed of the masks that dropout draws.
  package var seed: UInt64 = 0

  /// Gradients have no limits and classes no weights until they are set; dimensions are above 0.
  package init(
    layers: [LayerSpecification], loss: Loss, metrics: [RowMetric],
    optimizer: OptimizerSpecification,
    features: Int, steps: Int, batchSize: Int
  ) {
    precondition(!layers.isEmpty && features > 0 && steps > 0 && batchSize > 0)
    self.layers = layers
    self.loss = loss
    self.metrics = metrics
    self.optimizer = optimizer
    self.features = features
    self.steps = steps
    self.batchSize = batchSize
  }

  /// Whether the output has a row for every time step.
  package var outputHasSteps: Bool { output.givesSteps }

  /// The number of outputs of each row.
  package var outputs: Int { output.outputs }

  /// The layers at their places.
  package var shapes: [LayerShape] { layers.shapes(features: features) }

  /// The greatest batch.
  var batch: BatchShape { BatchShape(size: batchSize, steps: steps) }

  /// The last layer at its place.
  var output: LayerShape {
    let shapes = shapes
    return shapes[shapes.count - 1]
  }

  /// Returns the number of batches that an epoch of `samples` samples has.
  package func batches(of samples: Int) -> Int { (samples + batchSize - 1) / batchSize }

  /// The multiplications and additions of one training step on a whole batch: 2·4H(I + H)·T·B·3 an
  /// LSTM layer (3H a GRU's, H a simple one's), 2·I·O·rows·3 a dense layer.
  package var floatingPointOperations: Double {
    operations(firstProducts: 3, stateSteps: steps)
  }

  /// The multiplications and additions of one training step that are executed: the first layer needs no
  /// gradient of its input, and the first time step has no state before it.
  package var executedOperations: Double { operations(firstProducts: 2, stateSteps: steps - 1) }

  /// - Parameters:
  ///   - firstProducts: The products with its inputs that the first layer needs.
  ///   - stateSteps: The time steps with a product with the state before.
  private func operations(firstProducts: Double, stateSteps: Int) -> Double {
    let batch = batch
    let stateRows = Double(stateSteps) * Double(batchSize)
    return shapes.enumerated().reduce(0) { sum, element in
      let shape = element.element
      let products = element.offset == 0 ? firstProducts : 3
      let rows = batch.rows(everyStep: shape.readsSteps)
      let inputs = Double(shape.inputs), outputs = Double(shape.outputs)
      switch shape.layer.kind {
      case .recurrent(let recurrent), .bidirectional(let recurrent):
        // A two-way layer's 2H units have H inputs of their own.
        let columns = Double(recurrent.cell.sums) * outputs
        return sum + 2 * columns
          * (inputs * rows * products + Double(recurrent.units) * stateRows * 3)
      case .dense: return sum + 2 * inputs * outputs * rows * products
      case .embedding, .dropout: return sum
      }
    }
  }

  /// The number of threads that a step of this size is worth: one below 2 million operations, where
  /// meeting costs more than sharing saves.
  package func worthwhileThreads(atMost limit: Int) -> Int {
    floatingPointOperations < 2e6 ? 1 : max(1, min(limit, batchSize))
  }
}

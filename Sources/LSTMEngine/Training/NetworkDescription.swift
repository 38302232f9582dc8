/// Everything that a network's memory and arithmetic depend on, checked to fit together.
package struct NetworkDescription: Equatable, Sendable {
  package var layers: [LayerSpecification]
  package var loss: Loss
  package var metrics: [Metric]
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

  /// The seed of the masks that dropout draws.
  package var seed: UInt64 = 0

  /// Makes a description without limits and class weights.
  package init(
    layers: [LayerSpecification], loss: Loss, metrics: [Metric], optimizer: OptimizerSpecification,
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
  package var outputHasSteps: Bool { layers.allSatisfy(\.keepsSteps) }

  /// The number of outputs of each row.
  package var outputs: Int { layers.reduce(features) { $1.outputs(of: $0) } }

  /// The multiplications and additions of one training step on a whole batch: 2·4H(I + H)·T·B·3 an
  /// LSTM layer (3H a GRU's, H a simple one's), 2·I·O·rows·3 a dense layer.
  package var floatingPointOperations: Double {
    var sum = 0.0
    var inputs = Double(features)
    var rows = Double(steps) * Double(batchSize)
    for layer in layers {
      let units = Double(layer.outputs(of: Int(inputs)))
      if let recurrent = layer.recurrent {  // a two-way layer's 2H units have H inputs of their own
        sum +=
          2 * Double(recurrent.cell.sums) * units * (inputs + Double(recurrent.units)) * rows * 3
      }
      if !layer.keepsSteps { rows = Double(batchSize) }
      if case .dense = layer.kind { sum += 2 * inputs * units * rows * 3 }
      inputs = units
    }
    return sum
  }

  /// The multiplications and additions of one training step that are executed: the first layer needs no
  /// gradient of its input, and the first time step has no state before it.
  package var executedOperations: Double {
    var sum = 0.0
    var inputs = Double(features)
    var rows = Double(steps) * Double(batchSize)
    for (index, layer) in layers.enumerated() {
      let units = Double(layer.outputs(of: Int(inputs)))
      let products: Double = index == 0 ? 2 : 3
      if let recurrent = layer.recurrent {
        let laterRows = Double(steps - 1) * Double(batchSize)
        let columns = Double(recurrent.cell.sums) * units
        sum += 2 * columns * (inputs * rows * products + Double(recurrent.units) * laterRows * 3)
      }
      if !layer.keepsSteps { rows = Double(batchSize) }
      if case .dense = layer.kind { sum += 2 * inputs * units * rows * products }
      inputs = units
    }
    return sum
  }

  /// The number of threads that a step of this size is worth: one below 2 million operations, where
  /// meeting costs more than sharing saves.
  package func worthwhileThreads(atMost limit: Int) -> Int {
    floatingPointOperations < 2e6 ? 1 : max(1, min(limit, batchSize))
  }
}

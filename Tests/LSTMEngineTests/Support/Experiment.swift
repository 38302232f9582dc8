import LSTMEngine

/// A small model for laws about bits: random samples, everything from seeds.
///
/// Tests/ARM compiles this file too, without Swift Testing.
struct Experiment: Sendable {
  var features = 3
  var steps = 5
  var units = [4]
  /// The cells of the layers, over and over where there are more layers.
  var cells = [RecurrentCell.lstm]
  /// What recurrent layers drop of inputs and states, and layers behind each of them of its output.
  var dropout = 0.0
  var recurrentDropout = 0.0
  var layerDropout = 0.0
  /// The place of a layer that is not trained.
  var frozen: Int?
  var outputs = 2
  var samples = 10
  var batch = 4
  var seed: UInt64 = 1
  var epochs = 6
  var sequences = false
  /// Whether the sequences differ in length: from 1 step to `steps`, drawn from the seed.
  var mixed = false
  /// Whether the recurrent layers read in both directions.
  var twoWay = false
  /// How many whole numbers the inputs are drawn from, and how many outputs an embedding gives each.
  var embedding: EmbeddingSpecification?
  var optimizer = OptimizerSpecification.adam
  var controls = Controls()

  /// What holds training back or weighs it.
  struct Controls: Sendable {
    var clipping = GradientClipping()
    var classWeights: [Float] = []
    var schedule: LearningRateSchedule?
  }

  var description: NetworkDescription {
    var layers = units.enumerated().flatMap { index, units in
      let cell = cells[index % cells.count]
      var layer = RecurrentSpecification(cell, units: units)
      layer.returnSequences = sequences || index < self.units.count - 1
      layer.dropout = dropout
      layer.recurrentDropout = recurrentDropout
      let recurrent = LayerSpecification(
        name: "\(cell.rawValue)_\(index)", kind: twoWay ? .bidirectional(layer) : .recurrent(layer),
        trainable: frozen != index)
      let drop = LayerSpecification(
        name: "dropout_\(index)", kind: .dropout(DropoutSpecification(rate: layerDropout)))
      return layerDropout > 0 ? [recurrent, drop] : [recurrent]
    }
    if let embedding {
      layers.insert(LayerSpecification(name: "embedding", kind: .embedding(embedding)), at: 0)
    }
    var dense = DenseSpecification(units: outputs)
    dense.activation = .softmax
    layers.append(LayerSpecification(name: "dense", kind: .dense(dense)))
    var description = NetworkDescription(
      layers: layers, loss: .sparseCategoricalCrossentropy, metrics: [.accuracy],
      optimizer: optimizer, features: features, steps: steps, batchSize: batch)
    description.clipping = controls.clipping
    description.classWeights = controls.classWeights
    description.seed = seed
    return description
  }

  var learningRate: LearningRate {
    controls.schedule.map { .scheduled(initial: 0.01, $0) } ?? .constant(0.01)
  }

  var set: SampleSet {
    let stream = RandomStream(seed: seed &+ 77, purpose: .shuffle, number: 9)
    let lengths = (0..<samples).map {
      mixed ? 1 + Int(stream.bits(900_000 + $0) % UInt64(steps)) : steps
    }
    let total = lengths.reduce(0, +)
    let rows = sequences ? total : samples
    return SampleSet(
      lengths: lengths, features: features,
      x: (0..<total * features).map { index in
        embedding.map { Float(stream.bits(index) % UInt64($0.inputDimension)) }
          ?? Float(stream.normal(index))
      },
      targets: .classes((0..<rows).map { Int32(stream.bits(500_000 + $0) % UInt64(outputs)) }))
  }

  /// Trains the epochs of a range; the order of samples depends on the epoch alone.
  func train(_ network: Network, epochs: ClosedRange<Int>) -> [Measurement] {
    let set = set
    return epochs.compactMap { epoch in
      let order = RandomStream(seed: seed, purpose: .shuffle, number: epoch).permutation(samples)
      guard
        case .finished(let measured) = network.trainEpoch(
          set, order: order, learningRate: learningRate)
      else { return nil }
      return measured
    }
  }

  static let table: [Experiment] =
    plain
    + [
      Experiment(
        units: [18], cells: [.lstm], dropout: 0.3, recurrentDropout: 0.4, layerDropout: 0.5,
        samples: 13, batch: 5, seed: 21, epochs: 3),
      Experiment(
        units: [17, 5], cells: [.gru], dropout: 0.2, recurrentDropout: 0.5, outputs: 3, seed: 22,
        epochs: 3, sequences: true, mixed: true),
      Experiment(
        units: [70, 6], cells: [.simpleRNN], recurrentDropout: 0.5, layerDropout: 0.2, seed: 23,
        epochs: 3, mixed: true),
      Experiment(
        units: [7, 5], cells: [.gru, .lstm], dropout: 0.25, recurrentDropout: 0.25,
        layerDropout: 0.25, seed: 25, epochs: 3, mixed: true, twoWay: true),
      Experiment(
        units: [6, 5, 4], cells: RecurrentCell.allCases, dropout: 0.25, layerDropout: 0.25,
        frozen: 1, seed: 24, epochs: 4),
    ]

  private static let plain: [Experiment] = [
    Experiment(),
    Experiment(features: 1, steps: 1, units: [1], samples: 1, batch: 1),
    Experiment(features: 17, units: [16], outputs: 5, batch: 7, seed: 2),
    Experiment(features: 16, units: [33], outputs: 18, samples: 23, batch: 9, seed: 3, epochs: 3),
    Experiment(units: [5, 7], outputs: 3, seed: 4),
    Experiment(steps: 7, units: [20, 3, 18], samples: 13, batch: 6, seed: 5, epochs: 3),
    Experiment(steps: 4, units: [6], outputs: 4, batch: 3, seed: 6, sequences: true),
    Experiment(steps: 9, samples: 23, batch: 7, seed: 11, mixed: true),
    Experiment(
      features: 18, steps: 30, units: [20, 17], outputs: 3, samples: 27, batch: 12, seed: 12,
      epochs: 3, sequences: true, mixed: true),
    Experiment(features: 40, units: [130], samples: 30, batch: 17, seed: 7, epochs: 2),
    Experiment(cells: [.gru], seed: 11),
    Experiment(
      features: 17, units: [33], cells: [.gru], samples: 23, batch: 9, seed: 12, epochs: 3),
    Experiment(steps: 4, units: [6, 17], cells: [.gru], batch: 3, seed: 13, sequences: true),
    Experiment(cells: [.simpleRNN], seed: 14),
    Experiment(
      features: 17, units: [50], cells: [.simpleRNN], samples: 23, batch: 9, seed: 15, epochs: 3),
    Experiment(steps: 4, units: [6, 17], cells: [.simpleRNN], batch: 3, seed: 16, sequences: true),
    Experiment(
      steps: 6, units: [20, 18, 16], cells: RecurrentCell.allCases, samples: 13, batch: 6, seed: 17,
      epochs: 3),
    Experiment(
      features: 5, steps: 12, units: [17, 33, 6], cells: [.gru, .simpleRNN, .lstm], samples: 19,
      batch: 8, seed: 18, epochs: 3, mixed: true),
    Experiment(
      steps: 11, units: [6, 18], cells: [.simpleRNN, .gru], samples: 13, batch: 5, seed: 19,
      epochs: 3, sequences: true, mixed: true),
    Experiment(seed: 20, twoWay: true),
    Experiment(
      features: 17, steps: 12, units: [18, 5], cells: [.lstm, .gru], samples: 19, batch: 8,
      seed: 21,
      epochs: 3, mixed: true, twoWay: true),
    Experiment(
      steps: 11, units: [20, 16], cells: [.simpleRNN, .lstm], samples: 13, batch: 5, seed: 22,
      epochs: 3, sequences: true, mixed: true, twoWay: true),
    Experiment(
      features: 1, steps: 8, units: [6], samples: 13, batch: 5, seed: 23, mixed: true,
      embedding: EmbeddingSpecification(inputDimension: 7, outputDimension: 5)),
    Experiment(
      features: 1, steps: 8, units: [17], cells: [.gru], samples: 13, batch: 5, seed: 24, epochs: 3,
      sequences: true, mixed: true, twoWay: true,
      embedding: EmbeddingSpecification(inputDimension: 40, outputDimension: 19)),
    Experiment(
      seed: 8,
      optimizer: OptimizerSpecification(
        kind: .sgd(momentum: 0.9, nesterov: true), learningRate: 0.01)),
    Experiment(
      seed: 9,
      optimizer: OptimizerSpecification(
        kind: .rmsprop(
          {
            var r = RMSpropSettings(); r.momentum = 0.5; r.centered = true; return r
          }()),
        learningRate: 0.01)),
    Experiment(
      seed: 10,
      optimizer: OptimizerSpecification(
        kind: .adamw(
          {
            var a = AdamSettings(); a.amsgrad = true; return a
          }(), weightDecay: 0.01),
        learningRate: 0.01)),
    Experiment(
      steps: 7, units: [20, 3, 18], samples: 13, batch: 6, seed: 11, epochs: 3,
      controls: Controls(clipping: GradientClipping(norm: .ofEachTensor(0.02)))),
    Experiment(
      units: [33], outputs: 18, samples: 23, batch: 9, seed: 12, epochs: 3,
      controls: Controls(clipping: GradientClipping(value: 0.01, norm: .ofAll(0.05)))),
    Experiment(
      units: [6], outputs: 4, batch: 3, seed: 13, sequences: true,
      controls: Controls(
        clipping: GradientClipping(value: 0.003), classWeights: [2, 0.5, 1, 3],
        schedule: .cosineDecay(steps: 9, alpha: 0.1, warmup: .init(target: 0.02, steps: 3)))),
  ]
}

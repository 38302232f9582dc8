import Testing

@testable import LSTMEngine

/// Masks are functions of seed, layer, step, sample and column; gradients go through what is kept.
@Suite struct DropoutTests {
  /// The mask of one row as the generator's definition has it, one element after the other.
  private func row(
    rate: Double, seed: UInt64, number: Int, iteration: Int, sample: Int, step: Int, columns: Int
  ) -> [Float] {
    let key = RandomStream(seed: seed, purpose: .dropout, number: number).bits(iteration)
    let philox = Philox(key: key)
    return (0..<columns).map { column in
      let (panel, lane) = (column / 16, column % 16)
      let block = philox.block(
        SIMD4(UInt32(panel / 4 * 16 + lane), UInt32(step), UInt32(sample), 0))
      return block[panel % 4] < UInt32(rate * 0x1p32) ? 0 : Float(1 / (1 - rate))
    }
  }

  /// A model of one dropout layer and a sum that shows each of its outputs.
  private func outputs(
    rate: Double, columns: Int, samples: Int, steps: Int, iteration: Int, level: String,
    threads: Int, batch: Int
  ) throws -> [Float] {
    var description = NetworkDescription(
      layers: [
        LayerSpecification(name: "dropout", kind: .dropout(DropoutSpecification(rate: rate))),
        LayerSpecification(name: "dense", kind: .dense(DenseSpecification(units: 1))),
      ], loss: .meanAbsoluteError, metrics: [],
      optimizer: OptimizerSpecification(
        kind: .sgd(momentum: 0, nesterov: false), learningRate: 0),
      features: columns, steps: steps, batchSize: batch)
    description.seed = 42
    let network = Network(
      description, threads: threads, kernels: try #require(Kernels(level: level)))
    network.restore(
      weights: [[Float](repeating: 1, count: columns), [0]], slots: nil, iterations: iteration)
    // With targets far below and one sample a batch, the kernel's gradient is the kept inputs' sum.
    let set = SampleSet(
      count: samples, steps: steps, features: columns,
      x: [Float](repeating: 1, count: samples * steps * columns),
      targets: .values([Float](repeating: -1000, count: samples * steps), outputs: 1))
    _ = network.trainEpoch(set, order: Array(0..<samples), learningRate: 0)
    return network.layout.tensors[0].values(in: network.snapshot().gradients)
  }

  @Test(arguments: [1, 4, 16, 17, 64, 65, 150], Kernels.available)
  func `masks are the generator's definition`(columns: Int, level: String) throws {
    for (rate, iteration) in [(0.1, 0), (0.5, 7), (0.9, 123_456)] {
      let (samples, steps) = (3, 2)
      let sums = try outputs(
        rate: rate, columns: columns, samples: samples, steps: steps, iteration: iteration,
        level: level, threads: 2, batch: samples)
      var expected = [Float](repeating: 0, count: columns)
      for step in 0..<steps {
        for sample in 0..<samples {
          let mask = row(
            rate: rate, seed: 42, number: 0, iteration: iteration, sample: sample, step: step,
            columns: columns)
          for column in 0..<columns {
            expected[column].addProduct(mask[column], 1 / Float(samples * steps))
          }
        }
      }
      #expect(sums == expected)
    }
  }

  /// As many are dropped as the rate says, in rows and in columns, and no two rows alike.
  @Test(arguments: [0.1, 0.25, 0.5, 0.9])
  func `the rate is kept`(rate: Double) {
    var rows: Set<[Float]> = []
    var dropped = 0
    for sample in 0..<200 {
      let mask = row(
        rate: rate, seed: 1, number: 0, iteration: 3, sample: sample, step: 0, columns: 200)
      rows.insert(mask)
      dropped += mask.count { $0 == 0 }
      #expect(mask.allSatisfy { $0 == 0 || $0 == Float(1 / (1 - rate)) })
    }
    #expect(rows.count == 200)
    let error = abs(Double(dropped) / 40_000 - rate)
    #expect(error < 4 * (rate * (1 - rate) / 40_000).squareRoot())
  }

  /// Measuring drops nothing: a model with dropout predicts what the same one without does.
  @Test(arguments: RecurrentCell.allCases)
  func `measuring drops nothing`(cell: RecurrentCell) throws {
    var experiment = Experiment(units: [20, 5], cells: [cell])
    let plain = try experiment.network()
    experiment.dropout = 0.5
    experiment.recurrentDropout = 0.4
    experiment.layerDropout = 0.3
    let dropping = try experiment.network()
    let snapshot = plain.snapshot()
    dropping.restore(
      weights: plain.layout.tensors.map { $0.values(in: snapshot.weights) }, slots: nil,
      iterations: 0)
    var expected: [Float]? = [], predicted: [Float]? = []
    let measured = plain.evaluate(experiment.set, predictions: &expected)
    #expect(dropping.evaluate(experiment.set, predictions: &predicted) == measured)
    #expect(predicted == expected)
  }

  /// The loss of one batch, with the masks of the first optimizer step.
  private func loss(_ network: Network, _ experiment: Experiment, _ weights: [[Float]]) -> Double {
    network.restore(weights: weights, slots: nil, iterations: 0)
    let order = Array(0..<experiment.samples)
    guard
      case .finished(let measured) = network.trainEpoch(
        experiment.set, order: order, learningRate: 0)
    else { return .nan }
    return measured.loss
  }

  /// The directional derivative of the loss along random directions, against the gradient: the masks
  /// are the same for each weight that is tried.
  @Test(arguments: RecurrentCell.allCases, 0..<6)
  func `gradients go through masks`(cell: RecurrentCell, seed: Int) throws {
    var experiment = Experiment(
      features: 5, steps: 6, units: seed % 2 == 0 ? [7] : [18, 6], cells: [cell], outputs: 3,
      samples: 8, batch: 8, seed: UInt64(seed))
    experiment.sequences = seed % 3 == 0
    experiment.dropout = [0, 0.3, 0.5][seed % 3]
    experiment.recurrentDropout = [0.5, 0, 0.3][seed % 3]
    experiment.layerDropout = 0.25
    experiment.optimizer = OptimizerSpecification(
      kind: .sgd(momentum: 0, nesterov: false), learningRate: 0)
    let network = try experiment.network()
    let snapshot = network.snapshot()
    let weights = network.layout.tensors.map { $0.values(in: snapshot.weights) }
    _ = loss(network, experiment, weights)
    let gradients = network.layout.tensors.map { $0.values(in: network.snapshot().gradients) }
    let stream = RandomStream(seed: UInt64(seed), purpose: .shuffle, number: 5)
    for tensor in weights.indices {
      let direction = weights[tensor].indices.map { Float(stream.normal(1000 * tensor + $0)) }
      let expected = zip(gradients[tensor], direction).reduce(0.0) { $0 + Double($1.0 * $1.1) }
      func moved(_ step: Float) -> Double {
        var all = weights
        for index in direction.indices { all[tensor][index] += step * direction[index] }
        return loss(network, experiment, all)
      }
      let step: Float = 0.004
      let numeric =
        (8 * (moved(step) - moved(-step)) - (moved(2 * step) - moved(-2 * step)))
        / (12 * Double(step))
      let scale = zip(gradients[tensor], direction).reduce(0.0) { $0 + Double(abs($1.0 * $1.1)) }
      #expect(
        abs(numeric - expected) < 1e-4 + 2e-3 * scale,
        "\(network.layout.tensors[tensor].path): \(numeric), \(expected) of \(scale)")
    }
  }
}

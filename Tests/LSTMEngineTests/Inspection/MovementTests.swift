import LSTMEngine
import Testing

/// What moves a weight in each batch: the parts add up to the movement.
@Suite struct MovementTests {
  private static let optimizers: [OptimizerSpecification.Kind] = {
    var amsgrad = AdamSettings()
    amsgrad.amsgrad = true
    var rmsprop = RMSpropSettings()
    rmsprop.momentum = 0.5
    var centered = rmsprop
    centered.centered = true
    return [
      .sgd(momentum: 0, nesterov: false), .sgd(momentum: 0.9, nesterov: false),
      .sgd(momentum: 0.9, nesterov: true), .adam(AdamSettings()), .adam(amsgrad),
      .adamw(AdamSettings(), weightDecay: 0.1), .rmsprop(RMSpropSettings()), .rmsprop(rmsprop),
      .rmsprop(centered),
    ]
  }()

  /// A model, data and controls of any kind, drawn from a seed.
  private func experiment(_ seed: UInt64) -> Experiment {
    let stream = RandomStream(seed: seed, purpose: .shuffle, number: 8)
    func draw(_ index: Int, _ limit: Int) -> Int { Int(stream.bits(index) % UInt64(limit)) }
    let layers = 1 + draw(0, 3)
    var experiment = Experiment(
      features: 1 + draw(1, 18), steps: 1 + draw(2, 7),
      units: (0..<layers).map { 1 + draw(10 + $0, 20) },
      cells: (0..<layers).map { RecurrentCell.allCases[draw(20 + $0, 3)] },
      dropout: Double(draw(30, 2)) * 0.25, recurrentDropout: Double(draw(31, 2)) * 0.5,
      layerDropout: Double(draw(32, 2)) * 0.25, frozen: draw(33, 3) == 0 ? draw(34, layers) : nil,
      outputs: 2 + draw(3, 17), samples: 2 + draw(4, 10), batch: 1 + draw(5, 6), seed: seed,
      sequences: draw(6, 3) == 0, mixed: draw(7, 2) == 0, twoWay: draw(8, 3) == 0)
    if draw(9, 4) == 0 {
      experiment.features = 1
      experiment.embedding = EmbeddingSpecification(
        inputDimension: 1 + draw(35, 9), outputDimension: 1 + draw(36, 20))
    }
    experiment.optimizer = OptimizerSpecification(
      kind: Self.optimizers[draw(37, Self.optimizers.count)], learningRate: 0.01)
    experiment.controls.clipping = GradientClipping(
      value: draw(38, 3) == 0 ? 0.02 : nil,
      norm: [nil, .ofEachTensor(0.05), .ofAll(0.1)][draw(39, 3)])
    if draw(40, 3) == 0 {
      experiment.controls.classWeights = (0..<experiment.outputs).map { 0.5 + Float($0) }
    }
    if draw(41, 3) == 0 {
      experiment.controls.schedule = .exponentialDecay(steps: 3, rate: 0.7, staircase: false)
    }
    return experiment
  }

  /// Every cell and control, sequences of unequal length: the terms of a batch are its gradient, the
  /// parts are the movement but for rounding, and nobody is disturbed by being watched.
  @Test(arguments: 0..<60 as Range<UInt64>)
  func `the parts of a movement add up to it`(seed: UInt64) throws {
    let experiment = experiment(seed)
    let set = experiment.set, order = Array((0..<experiment.samples).reversed())
    let plain = try experiment.network(threads: 1 + Int(seed % 3))
    for _ in 0..<2 {
      _ = plain.trainEpoch(set, order: order, learningRate: experiment.learningRate)
    }
    let expected = plain.snapshot()
    for (index, tensor) in plain.layout.tensors.enumerated() {
      let network = try experiment.network(threads: 1 + index % 3)
      let row = Int(seed) % tensor.rows, column = Int(3 * seed) % tensor.columns
      var steps: [WeightStep] = []
      for _ in 0..<2 {
        steps +=
          network.trainEpoch(
            set, order: order, learningRate: experiment.learningRate, watching: index, row: row,
            column: column
          ).steps
      }
      let snapshot = network.snapshot()
      #expect(snapshot.weights == expected.weights && snapshot.slots == expected.slots)
      #expect(
        steps.count == 2 * ((experiment.samples + experiment.batch - 1) / experiment.batch))
      for step in steps { check(step, experiment, "\(tensor.path)[\(row),\(column)]") }
      let value = tensor.values(in: expected.weights)[row * tensor.columns + column]
      #expect(steps.last?.after.bitPattern == value.bitPattern)
    }
  }

  private func check(_ step: WeightStep, _ experiment: Experiment, _ name: String) {
    let unit = 0x1p-24  // half a unit in the last place of float32: each rounding's relative error
    let sum = step.share * step.terms.reduce(0) { $0 + $1.value }
    let size = step.share * step.terms.reduce(0) { $0 + abs($1.value) }
    // A chain of as many roundings as terms, two more where it is limited.
    #expect(
      abs(sum - Double(step.gradient)) <= Double(step.terms.count + 2) * unit * size + 1e-37,
      "\(name): \(sum), \(step.gradient)")
    let movement = step.movement(experiment.optimizer, learningRate: experiment.learningRate)
    let parts = movement.perGradient * sum + movement.momentum + movement.decay
    let change = Double(step.after) - Double(step.before)
    // The weight is rounded, by a decay once more; the optimizer's formulas have a dozen roundings.
    let bound =
      (movement.decay == 0 ? 1 : 2) * unit * Double(max(abs(step.before), abs(step.after)))
      + Double(step.terms.count + 14) * unit
      * (abs(movement.perGradient) * size + abs(movement.momentum))
    #expect(abs(parts - change) <= bound, "\(name): \(parts), \(change)")
  }

  /// Two samples pull at a bias alike in opposite directions, while another bias of its tensor is
  /// moved beyond the limit: both samples count by the factor of the tensor.
  @Test func `what cancels is limited like the rest`() {
    let recurrent = RecurrentSpecification(.simpleRNN, units: 1)
    var description = NetworkDescription(
      layers: [
        LayerSpecification(name: "simple_rnn", kind: .recurrent(recurrent)),
        LayerSpecification(name: "dense", kind: .dense(DenseSpecification(units: 2))),
      ], loss: .meanSquaredError, metrics: [],
      optimizer: OptimizerSpecification(
        kind: .sgd(momentum: 0, nesterov: false), learningRate: 0.5), features: 1, steps: 2,
      batchSize: 2)
    description.clipping = GradientClipping(norm: .ofEachTensor(0.25))
    // Nothing comes in, so that nothing comes out: the biases are zero at first.
    let set = SampleSet(
      count: 2, steps: 2, features: 1, x: [0, 0, 0, 0],
      targets: .values([1, 4, -1, 5], outputs: 2))
    func step(column: Int) -> WeightStep? {
      let network = Network(description, threads: 1)
      network.initialize(seed: 1)
      let bias = network.layout.tensors.firstIndex { $0.path == "dense/bias" }
      return network.trainEpoch(
        set, order: [0, 1], learningRate: .constant(0.5), watching: bias ?? 0, row: 0,
        column: column
      ).steps.first
    }
    let still = step(column: 0), moved = step(column: 1)
    #expect(still?.terms.map(\.value) == [-0.5, 0.5] && still?.gradient == 0)
    #expect(moved?.terms.map(\.value) == [-2, -2.5] && moved?.gradient == -0.25)
    #expect(still?.share == moved?.share && moved?.share == Double(Float(0.25 / 4.5)))
  }
}

import LSTMEngine
import Testing

/// What each time step of each sample adds to a weight's gradient, and what that moves.
@Suite struct GradientTermTests {
  /// The float32 terms of a gradient are some roundings from the float64 ones of PyTorch.
  @Test(arguments: InspectionReference.names)
  func `each term is PyTorch's, by sample and step`(name: String) throws {
    let reference = try ReferenceCase.load(name)
    let set = reference.config.samples(reference.config.data.train)
    let first = Array(0..<min(set.count, reference.config.training.batch_size))
    let expected = try InspectionReference.load(name).terms
    let network = try reference.network()
    #expect(expected.keys.sorted() == network.layout.tensors.map(\.path).sorted())
    for (index, tensor) in network.layout.tensors.enumerated() {
      for (element, samples) in try #require(expected[tensor.path]) {
        let place = try #require(Int(element))
        let network = try reference.network()
        let steps = network.trainEpoch(
          set, order: first, learningRate: .constant(0), watching: index,
          row: place / tensor.columns, column: place % tensor.columns
        ).steps
        #expect(steps.count == 1)
        var seen = samples.map { $0.map { _ in 0.0 } }
        for term in steps[0].terms { seen[term.sample][term.step] += term.value }
        for (sample, truth) in samples.enumerated() {
          for (step, value) in truth.enumerated() {
            let found = seen[sample][step]
            if !(abs(found - value) <= 1e-6 * max(1, abs(value))) {
              Issue.record(
                "\(tensor.path)[\(place)], sample \(sample), step \(step): \(found), not \(value)")
            }
          }
        }
      }
    }
  }

  private static let optimizers: [OptimizerSpecification] = {
    var amsgrad = AdamSettings()
    amsgrad.amsgrad = true
    var rmsprop = RMSpropSettings()
    rmsprop.momentum = 0.5
    var centered = rmsprop
    centered.centered = true
    let kinds: [OptimizerSpecification.Kind] = [
      .sgd(momentum: 0, nesterov: false), .sgd(momentum: 0.9, nesterov: false),
      .sgd(momentum: 0.9, nesterov: true), .adam(AdamSettings()), .adam(amsgrad),
      .adamw(AdamSettings(), weightDecay: 0.1), .rmsprop(RMSpropSettings()), .rmsprop(rmsprop),
      .rmsprop(centered),
    ]
    return kinds.map { OptimizerSpecification(kind: $0, learningRate: 0.01) }
  }()

  private func network(_ optimizer: OptimizerSpecification, seed: Int) -> (Network, SampleSet) {
    var layers = RecurrentCell.allCases.enumerated().map { index, cell in
      var layer = RecurrentSpecification(cell, units: 3 + 14 * (index % 2))
      layer.returnSequences = index + 1 < RecurrentCell.allCases.count
      return LayerSpecification(name: "layer_\(index)", kind: .recurrent(layer))
    }
    layers.append(LayerSpecification(name: "dense", kind: .dense(DenseSpecification(units: 2))))
    let network = Network(
      NetworkDescription(
        layers: layers, loss: .meanSquaredError, metrics: [], optimizer: optimizer, features: 3,
        steps: 6, batchSize: 4), threads: 1 + seed % 3)
    network.initialize(seed: UInt64(seed))
    let stream = RandomStream(seed: UInt64(seed), purpose: .shuffle, number: 3)
    let lengths = (0..<9).map { 1 + Int(stream.uniform($0) * 6) }
    let rows = lengths.reduce(0, +)
    let set = SampleSet(
      lengths: lengths, features: 3,
      x: (0..<3 * rows).map { Float(stream.uniform(100 + $0)) * 2 - 1 },
      targets: .values((0..<18).map { Float(stream.uniform(900 + $0)) }, outputs: 2))
    return (network, set)
  }

  /// Sequences of unequal length, every cell, every optimizer: the terms of a batch are its gradient,
  /// the parts are the movement but for rounding, and nobody is disturbed by being watched.
  @Test(arguments: 0..<9)
  func `the parts of a movement add up to it`(kind: Int) throws {
    let optimizer = Self.optimizers[kind]
    for seed in 0..<4 {
      let plain = network(optimizer, seed: seed)
      let order = Array(0..<plain.1.count).reversed().map { $0 }
      for _ in 0..<3 {
        _ = plain.0.trainEpoch(plain.1, order: order, learningRate: optimizer.learningRate)
      }
      let expected = plain.0.snapshot()
      for (index, tensor) in plain.0.layout.tensors.enumerated() {
        let (network, set) = network(optimizer, seed: seed)
        let (row, column) = (tensor.rows - 1, tensor.columns - 1 - seed % tensor.columns)
        var steps: [WeightStep] = []
        for _ in 0..<3 {
          steps +=
            network.trainEpoch(
              set, order: order, learningRate: .constant(optimizer.learningRate), watching: index,
              row: row, column: column
            ).steps
        }
        let snapshot = network.snapshot()
        #expect(snapshot.weights == expected.weights && snapshot.slots == expected.slots)
        #expect(steps.count == 9)
        for step in steps { check(step, optimizer, "\(tensor.path)[\(row),\(column)]") }
        let value = tensor.values(in: expected.weights)[row * tensor.columns + column]
        #expect(steps.last?.after.bitPattern == value.bitPattern)
      }
    }
  }

  private func check(_ step: WeightStep, _ optimizer: OptimizerSpecification, _ name: String) {
    let sum = step.terms.reduce(0) { $0 + $1.value }
    let size = step.terms.reduce(0) { $0 + abs($1.value) }
    #expect(
      abs(sum - Double(step.gradient)) <= 4e-7 * size + 1e-30, "\(name): \(sum), \(step.gradient)")
    let movement = step.movement(optimizer, learningRate: .constant(optimizer.learningRate))
    let parts = movement.perGradient * sum + movement.momentum + movement.decay
    let change = Double(step.after) - Double(step.before)
    // The weight is rounded to float32, by a decay once more, and the optimizer computes in float32.
    let bound =
      (movement.decay == 0 ? 6e-8 : 1.2e-7) * Double(max(abs(step.before), abs(step.after)))
      + 1e-6 * (abs(movement.perGradient) * size + abs(movement.momentum))
    #expect(abs(parts - change) <= bound, "\(name): \(parts), \(change)")
  }
}

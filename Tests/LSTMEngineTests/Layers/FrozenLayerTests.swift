import LSTMEngine
import Testing

/// A layer that is not trained keeps its bits and those of the optimizer; the others learn.
@Suite struct FrozenLayerTests {
  private static let optimizers: [OptimizerSpecification] = [
    .adam,
    OptimizerSpecification(
      kind: .adamw(AdamSettings(), weightDecay: 0.1), learningRate: 0.01),
    OptimizerSpecification(kind: .sgd(momentum: 0.9, nesterov: false), learningRate: 0.01),
  ]

  @Test(arguments: 0..<6, FrozenLayerTests.optimizers)
  func `a frozen layer stays`(number: Int, optimizer: OptimizerSpecification) throws {
    let frozen = number % 3
    var experiment = Experiment(units: [6, 18, 4], cells: RecurrentCell.allCases)
    experiment.twoWay = number >= 3
    experiment.frozen = frozen
    experiment.optimizer = optimizer
    let network = try experiment.network(threads: 2)
    let before = network.snapshot()
    #expect(experiment.train(network, epochs: 1...2).count == 2)
    let after = network.snapshot()
    for tensor in network.layout.tensors {
      let isFrozen = tensor.layer.hasSuffix("_\(frozen)")
      let same = tensor.values(in: after.weights) == tensor.values(in: before.weights)
      #expect(same == isFrozen, "\(tensor.path)")
      for (slot, old) in zip(after.slots, before.slots) {
        #expect((tensor.values(in: slot) == tensor.values(in: old)) == isFrozen, "\(tensor.path)")
      }
    }
  }

  @Test func `with every layer frozen the loss is that of measuring`() throws {
    var experiment = Experiment(units: [6])
    experiment.frozen = 0
    var description = experiment.description
    for index in description.layers.indices { description.layers[index].trainable = false }
    let network = Network(description, threads: 1)
    network.initialize(seed: 1)
    let measured = experiment.train(network, epochs: 1...1)
    var none: [Float]?
    #expect(
      abs((measured.first?.loss ?? 0) - network.evaluate(experiment.set, predictions: &none).loss)
        < 1e-6)
  }
}

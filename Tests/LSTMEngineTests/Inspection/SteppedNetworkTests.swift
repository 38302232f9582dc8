import Testing

@testable import LSTMEngine

/// A sequence read step by step has the bits of the whole sequence.
@Suite struct SteppedNetworkTests {
  private static func weights(_ layers: [LayerSpecification]) -> [[Float]] {
    let layout = ParameterLayout(layers, features: 1)
    return layout.tensors.enumerated().map { number, tensor in
      Initializers.values(for: tensor, number: number, seed: 5, unitForgetBias: true)
    }
  }

  private static func stack(_ cell: RecurrentCell) -> [LayerSpecification] {
    var first = RecurrentSpecification(cell, units: 17)
    var second = RecurrentSpecification(cell, units: 33)
    (first.returnSequences, second.returnSequences) = (true, true)
    second.useBias = cell != .lstm
    var dense = DenseSpecification(units: 9)
    dense.activation = .softmax
    return [
      LayerSpecification(
        name: "embedding",
        kind: .embedding(EmbeddingSpecification(inputDimension: 9, outputDimension: 5))),
      LayerSpecification(name: "a", kind: .recurrent(first)),
      LayerSpecification(name: "dropout", kind: .dropout(DropoutSpecification(rate: 0.5))),
      LayerSpecification(name: "b", kind: .recurrent(second)),
      LayerSpecification(name: "dense", kind: .dense(dense)),
    ]
  }

  private static let optimizer = OptimizerSpecification(
    kind: .sgd(momentum: 0, nesterov: false), learningRate: 0.1)

  @Test(arguments: RecurrentCell.allCases, Kernels.available)
  func `every step has the bits of the whole sequence`(cell: RecurrentCell, level: String) throws {
    let layers = Self.stack(cell), weights = Self.weights(layers)
    let kernels = try #require(Kernels(level: level))
    let whole = NetworkInspection(layers, features: 1, weights: weights)
    let sequence = (0..<40).map { [Float($0 * $0 * 7 % 9)] }
    let trace = whole.trace(sequence)
    var stepped = SteppedNetwork(
      NetworkInspection(layers, features: 1, weights: weights, kernels: kernels))
    for (step, x) in sequence.enumerated() {
      let output = stepped.read(x)
      #expect(output.values == trace.output[step])
      #expect(output.sums == trace.layers[4].sums[0].values[step])
    }
    // As training and measuring have them.
    var description = NetworkDescription(
      layers: layers, loss: .sparseCategoricalCrossentropy, metrics: [],
      optimizer: Self.optimizer,
      features: 1,
      steps: 40, batchSize: 1)
    description.seed = 1
    let network = Network(description, threads: 1, kernels: kernels)
    network.restore(weights: weights, slots: nil, iterations: 0)
    var outputs: [Float]? = []
    let set = SampleSet(
      count: 1, steps: 40, features: 1, x: sequence.flatMap(\.self),
      targets: .classes([Int32](repeating: 0, count: 40)))
    _ = network.evaluate(set, predictions: &outputs)
    #expect(outputs == trace.output.flatMap(\.self))
  }

  @Test func `what needs the whole sequence cannot be read in steps`() {
    var layer = RecurrentSpecification(.gru, units: 2)
    #expect(!SteppedNetwork.canStep([LayerSpecification(name: "a", kind: .recurrent(layer))]))
    layer.returnSequences = true
    #expect(SteppedNetwork.canStep([LayerSpecification(name: "a", kind: .recurrent(layer))]))
    #expect(!SteppedNetwork.canStep([LayerSpecification(name: "a", kind: .bidirectional(layer))]))
  }

  /// Windows that share targets: those of the rows that they read, and the outputs window after window.
  @Test(arguments: [1, 2, 3, 5]) func `windows that share targets have those of their rows`(
    distance: Int
  ) throws {
    let layers = Self.stack(.gru), weights = Self.weights(layers)
    let symbols = (0..<30).map { Int32($0 * $0 * 5 % 9) }
    let starts = Array(stride(from: 0, through: 30 - 4, by: distance))
    let shared = SampleSet(
      windowsAt: .each(starts), steps: 4, rate: 1, features: 1, x: symbols.map(Float.init),
      targets: .classes(symbols.reversed()), sharesTargets: true)
    let copied = SampleSet(
      lengths: starts.map { _ in 4 }, features: 1,
      x: starts.flatMap { symbols[$0..<$0 + 4].map(Float.init) },
      targets: .classes(starts.flatMap { Array(symbols.reversed()[$0..<$0 + 4]) }))
    let description = NetworkDescription(
      layers: layers, loss: .sparseCategoricalCrossentropy, metrics: [.accuracy],
      optimizer: Self.optimizer,
      features: 1,
      steps: 4, batchSize: 3)
    func run(_ set: SampleSet) -> (Measurement, [Float]?, Snapshot) {
      let network = Network(description, threads: 2)
      network.restore(weights: weights, slots: nil, iterations: 0)
      _ = network.trainEpoch(
        set, order: Array((0..<set.count).reversed()), learningRate: 0.1)
      var outputs: [Float]? = []
      return (network.evaluate(set, predictions: &outputs), outputs, network.snapshot())
    }
    let (one, two) = (run(shared), run(copied))
    #expect(one.0 == two.0 && one.1 == two.1 && one.2.weights == two.2.weights)
    #expect(one.1?.count == starts.count * 4 * 9)
    #expect(shared.outputRows == starts.count * 4 && copied.outputRows == starts.count * 4)
    guard case .classes(let own) = shared.outputTargets, case .classes(let wanted) = copied.targets
    else {
      Issue.record("no classes")
      return
    }
    #expect(own == wanted)
  }
}

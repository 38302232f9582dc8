import LSTMEngine
import Testing

/// The forward pass in the open gives the bits of the kernels', for every model and every sequence.
@Suite struct InspectionTests {
  private struct Draw {
    let stream: RandomStream
    private var next = 0

    init(_ seed: Int) { stream = RandomStream(seed: UInt64(seed), purpose: .shuffle, number: 7) }

    mutating func number(_ range: ClosedRange<Int>) -> Int {
      defer { next += 1 }
      return range.lowerBound + Int(stream.uniform(next) * Double(range.count))
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
      elements[number(0...elements.count - 1)]
    }

    mutating func floats(_ count: Int) -> [Float] {
      (0..<count).map { _ in Float(number(-512...512)) / 256 }
    }
  }

  /// A model of one to three recurrent layers and up to two dense ones.
  private func layers(_ draw: inout Draw) -> [LayerSpecification] {
    let activations: [Activation] = [.tanh, .sigmoid, .relu, .linear]
    var layers: [LayerSpecification] = []
    let recurrent = draw.number(1...3)
    for index in 0..<recurrent {
      var layer = RecurrentSpecification(
        draw.pick(RecurrentCell.allCases), units: draw.number(1...20))
      layer.useBias = draw.number(0...3) > 0
      layer.returnSequences = index + 1 < recurrent || draw.number(0...1) == 0
      if draw.number(0...3) == 0 {
        layer.activation = draw.pick(activations)
        layer.recurrentActivation = draw.pick([.tanh, .sigmoid, .linear])
      }
      layer.dropout = draw.pick([0, 0.5])
      layer.recurrentDropout = draw.pick([0, 0.5])
      layers.append(LayerSpecification(name: "layer_\(index)", kind: .recurrent(layer)))
      if draw.number(0...2) == 0 {
        layers.append(
          LayerSpecification(
            name: "dropout_\(index)", kind: .dropout(DropoutSpecification(rate: 0.5))))
      }
    }
    for index in 0..<draw.number(0...2) {
      var dense = DenseSpecification(units: draw.number(1...18))
      dense.activation = draw.pick(activations + [.softmax])
      dense.useBias = draw.number(0...3) > 0
      layers.append(LayerSpecification(name: "dense_\(index)", kind: .dense(dense)))
    }
    return layers
  }

  @Test(arguments: 0..<60)
  func `each prediction is the trace's output to the bit`(seed: Int) throws {
    var draw = Draw(seed)
    let layers = layers(&draw)
    let (count, steps, features) = (draw.number(1...7), draw.number(1...9), draw.number(1...19))
    let description = NetworkDescription(
      layers: layers, loss: .meanSquaredError, metrics: [], optimizer: .adam, features: features,
      steps: steps, batchSize: draw.number(1...4))
    let network = Network(description, threads: draw.number(1...3))
    network.initialize(seed: UInt64(seed))
    let rows = description.outputHasSteps ? count * steps : count
    let set = SampleSet(
      count: count, steps: steps, features: features, x: draw.floats(count * steps * features),
      targets: .values(
        [Float](repeating: 0, count: rows * description.outputs), outputs: description.outputs))
    var predictions: [Float]? = []
    _ = network.evaluate(set, predictions: &predictions)
    let snapshot = network.snapshot()
    let inspection = NetworkInspection(
      layers, features: features,
      weights: network.layout.tensors.map { $0.values(in: snapshot.weights) })
    let traced = (0..<count).map { inspection.trace(set.sequence($0)) }
    let outputs = traced.flatMap { $0.output.flatMap { $0 } }
    let expected = try #require(predictions)
    #expect(outputs.count == expected.count)
    #expect(outputs.map(\.bitPattern) == expected.map(\.bitPattern))
    for trace in traced { checkShapes(trace, layers, steps: steps) }
  }

  private func checkShapes(_ trace: SequenceTrace, _ layers: [LayerSpecification], steps: Int) {
    #expect(trace.layers.map(\.layer) == layers.map(\.name))
    let shapes = layers.shapes(features: trace.layers[0].input[0].count)
    for (layer, shape) in zip(trace.layers, shapes) {
      #expect(layer.input.count == (shape.readsSteps ? steps : 1))
      #expect(layer.input.allSatisfy { $0.count == shape.inputs })
      #expect(layer.output.count == (shape.givesSteps ? steps : 1))
      #expect(layer.output.allSatisfy { $0.count == shape.outputs })
      for quantity in layer.quantities + layer.sums where !layer.quantities.isEmpty {
        #expect(quantity.values.count == steps)
        #expect(quantity.values.allSatisfy { $0.count == shape.layer.recurrent?.units })
      }
      guard case .recurrent(let recurrent) = shape.layer.kind else { continue }
      #expect(
        layer.quantities.map(\.name).starts(with: recurrent.cell.gates.map(\.rawValue)))
      #expect(layer.quantities.last?.name == "hidden_state")
    }
  }
}

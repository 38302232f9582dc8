import LSTMEngine
import Testing

/// Sequences of unequal length: what others are in the batch never shows.
@Suite struct VariableLengthTests {
  /// A model and data drawn from a seed.
  private func experiment(_ seed: UInt64) -> Experiment {
    let stream = RandomStream(seed: seed, purpose: .shuffle, number: 4)
    func draw(_ index: Int, _ limit: Int) -> Int { Int(stream.bits(index) % UInt64(limit)) }
    let layers = 1 + draw(0, 3)
    var experiment = Experiment(
      features: 1 + draw(1, 20), steps: 1 + draw(2, 25),
      units: (0..<layers).map { 1 + draw(10 + $0, 36) },
      cells: (0..<layers).map { RecurrentCell.allCases[draw(20 + $0, 3)] },
      outputs: 2 + draw(3, 18),
      samples: 1 + draw(4, 20), batch: 1 + draw(5, 9), seed: seed, sequences: draw(6, 2) == 1,
      mixed: true, twoWay: draw(7, 2) == 1)
    if draw(8, 3) == 0 {
      experiment.features = 1
      experiment.embedding = EmbeddingSpecification(
        inputDimension: 1 + draw(30, 40), outputDimension: 1 + draw(31, 20))
    }
    return experiment
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func `a sequence in a batch is a sequence alone`(seed: UInt64) throws {
    let experiment = experiment(seed)
    let set = experiment.set
    let network = try experiment.network(threads: 1 + Int(seed % 3))
    _ = experiment.train(network, epochs: 1...1)  // weights that are nobody's first ones
    var together: [Float]? = []
    let measured = network.evaluate(set, predictions: &together)
    var alone: [Float] = []
    var losses = 0.0
    for sample in 0..<set.count {
      var output: [Float]? = []
      losses += network.evaluate(set.alone(sample), predictions: &output).loss
      alone += output ?? []
    }
    #expect(alone.count == set.targets.rows * experiment.outputs)
    #expect(together?.map(\.bitPattern) == alone.map(\.bitPattern))
    if !experiment.sequences || experiment.batch == 1 {
      #expect(abs(measured.loss * Double(set.count) - losses) < 1e-12 * losses)
    }
    #expect(measured.rows == set.targets.rows)
  }

  /// The forward pass written out, which knows no batch, gives the same bits.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func `each output is that of the equations`(seed: UInt64) throws {
    let experiment = experiment(seed)
    let set = experiment.set
    let network = try experiment.network()
    var together: [Float]? = []
    _ = network.evaluate(set, predictions: &together)
    let weights = network.snapshot().weights
    let inspection = NetworkInspection(
      experiment.description.layers, features: set.features,
      weights: network.layout.tensors.map { $0.values(in: weights) })
    let written = (0..<set.count).flatMap { sample in
      inspection.trace(set.sequence(sample)).output.flatMap { $0 }
    }
    #expect(written.count == set.targets.rows * experiment.outputs)
    #expect(together?.map(\.bitPattern) == written.map(\.bitPattern))
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `threads do not change a bit`(seed: UInt64) throws {
    let experiment = experiment(seed)
    let one = try experiment.network(), several = try experiment.network(threads: 3)
    #expect(experiment.train(one, epochs: 1...2) == experiment.train(several, epochs: 1...2))
    let expected = one.snapshot().weights.map(\.bitPattern)
    #expect(several.snapshot().weights.map(\.bitPattern) == expected)
  }

  /// As in Keras, a batch's mean loss is over its steps, and counts by the number of its sequences.
  @Test func `a batch counts by its sequences`() throws {
    let experiment = Experiment(
      steps: 9, samples: 7, batch: 3, seed: 5, sequences: true, mixed: true)
    let set = experiment.set
    let network = try experiment.network()
    var none: [Float]?
    let measured = network.evaluate(set, predictions: &none)
    var expected = 0.0
    for first in stride(from: 0, to: set.count, by: 3) {
      let batch = first..<min(first + 3, set.count)
      var sum = 0.0
      var steps = 0
      for sample in batch {
        let length = set.steps(of: sample)
        sum += network.evaluate(set.alone(sample), predictions: &none).loss * Double(length)
        steps += length
      }
      expected += sum / Double(steps) * Double(batch.count)
    }
    #expect(abs(measured.loss - expected / Double(set.count)) < 1e-12)
    #expect(measured.rows == set.allSteps)
  }

  @Test func `a sequence without steps is a trap`() async {
    await #expect(processExitsWith: .failure) {
      _ = SampleSet(lengths: [2, 0], features: 1, x: [1, 2], targets: .classes([0, 1]))
    }
  }
}

import LSTMEngine
import Testing

/// What a network will take is known before it takes it.
@Suite struct MemoryTests {
  /// Single cells and outputs, which take a whole panel each, beside the table's models.
  static let models =
    Experiment.table + [
      Experiment(features: 1, steps: 3, units: [1], outputs: 1, samples: 1, batch: 20_000),
      Experiment(features: 2, steps: 2, units: [3, 1], outputs: 1, samples: 1, batch: 5_000),
      Experiment(
        features: 5, steps: 7, units: [20, 3], cells: [.gru, .simpleRNN], dropout: 0.1,
        recurrentDropout: 0.2, layerDropout: 0.3, samples: 1, batch: 600, twoWay: true),
      Experiment(
        features: 1, steps: 9, units: [17], outputs: 1, samples: 1, batch: 900, sequences: true),
    ]

  @Test(arguments: models) func `the estimate is what is taken`(experiment: Experiment) {
    let estimate = Network.estimatedBytes(experiment.description)
    let taken = Double(Network(experiment.description, threads: 1).bytes)
    #expect(estimate >= taken)
    // No more than five pieces of whole numbers are rounded up by: 64 bytes each.
    #expect(estimate - taken <= 5 * 64)
  }

  @Test func `no length overflows the estimate`() {
    var description = Experiment(units: [1000, 1000], sequences: true).description
    description.batchSize = 1 << 40
    description.steps = 1 << 40
    #expect(Network.estimatedBytes(description) > 1e27)
  }
}

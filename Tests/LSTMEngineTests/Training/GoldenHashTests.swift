import LSTMEngine
import Testing

/// A model of 128 units trains to the same weights everywhere: the golden hash was computed once, and
/// holds for every instruction set, number of threads and optimisation level.
@Suite struct GoldenHashTests {
  private static let experiment = GoldenExperiment.experiment

  /// The initial weights, drawn once: that takes longer than the training.
  private static let start: [[Float]] = {
    let network = Network(experiment.description, threads: 1)
    network.initialize(seed: experiment.seed)
    let weights = network.snapshot().weights
    return network.layout.tensors.map { $0.values(in: weights) }
  }()

  @Test(arguments: Kernels.available, [1, 2, 3, 8])
  func `128 units train to the golden weights`(level: String, threads: Int) throws {
    let kernels = try #require(Kernels(level: level))
    let experiment = Self.experiment
    let network = Network(experiment.description, threads: threads, kernels: kernels)
    network.restore(weights: Self.start, slots: nil, iterations: 0)
    #expect(experiment.train(network, epochs: 1...experiment.epochs).count == experiment.epochs)
    #expect(GoldenExperiment.hash(of: network) == GoldenExperiment.hash)
  }
}

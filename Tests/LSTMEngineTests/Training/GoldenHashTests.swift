import LSTMEngine
import Testing

/// A model of 128 units trains to the same weights everywhere: the hash below was computed once, and
/// holds for every instruction set, number of threads and optimisation level.
@Suite struct GoldenHashTests {
  private static let golden: UInt64 = 0x276b32033467b9e5

  private static let experiment = Experiment(
    features: 9, steps: 4, units: [128], outputs: 3, samples: 21, batch: 17, seed: 128, epochs: 3)

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
    #expect(hash(of: network) == Self.golden)
  }

  /// The 64-bit FNV-1a hash (Fowler, Noll, Vo) of every weight's bytes, tensor by tensor, row by row,
  /// the lowest byte first.
  private func hash(of network: Network) -> UInt64 {
    let weights = network.snapshot().weights
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for tensor in network.layout.tensors {
      for value in tensor.values(in: weights) {
        for byte in 0..<4 {
          hash ^= UInt64(value.bitPattern >> (8 * byte) & 0xff)
          hash &*= 0x100_0000_01b3
        }
      }
    }
    return hash
  }
}

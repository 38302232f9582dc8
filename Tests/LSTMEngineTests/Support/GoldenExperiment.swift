import LSTMEngine

/// A model of 128 units whose trained weights' hash was computed once.
///
/// Tests/ARM compiles this file too, without Swift Testing.
enum GoldenExperiment {
  static let hash: UInt64 = 0x276b32033467b9e5

  static let experiment = Experiment(
    features: 9, steps: 4, units: [128], outputs: 3, samples: 21, batch: 17, seed: 128, epochs: 3)

  /// The 64-bit FNV-1a hash (Fowler, Noll, Vo) of every weight's bytes, tensor by tensor, row by row,
  /// the lowest byte first.
  static func hash(of network: Network) -> UInt64 {
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

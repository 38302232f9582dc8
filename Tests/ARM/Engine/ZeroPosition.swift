import LSTMEngine

/// The run of examples/zero-position/config.json with seed 1, whose last hash README.md shows.
enum ZeroPosition {
  /// Returns the hash of the last epoch as hexadecimal digits.
  static func lastHash(_ kernels: Kernels, threads: Int) -> String {
    let network = Network(description, threads: threads, kernels: kernels)
    network.initialize(seed: 1)
    var hash = chained([UInt8](repeating: 0, count: 32), network)
    for epoch in 1...100 {
      let order = RandomStream(seed: 1, purpose: .shuffle, number: epoch).permutation(set.count)
      _ = network.trainEpoch(set, order: order, learningRate: 0.001)
      hash = chained(hash, network)
    }
    return hash.reduce(into: "") { digits, byte in
      digits += String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
  }

  private static var description: NetworkDescription {
    let lstm = RecurrentSpecification(.lstm, units: 4)
    var dense = DenseSpecification(units: 2)
    dense.activation = .sigmoid
    var description = NetworkDescription(
      layers: [
        LayerSpecification(name: "lstm", kind: .recurrent(lstm)),
        LayerSpecification(name: "dense", kind: .dense(dense)),
      ], loss: .binaryCrossentropy, metrics: [.accuracy], optimizer: .adam, features: 3, steps: 5,
      batchSize: 3)
    description.seed = 1
    return description
  }

  /// The numbers 1 to 15, the k-th of the k-th sample replaced by 0: is it among the first eight?
  private static let set = SampleSet(
    count: 15, steps: 5, features: 3,
    x: (0..<15).flatMap { zero in (0..<15).map { $0 == zero ? 0 : Float($0 + 1) } },
    targets: .values((0..<15).flatMap { $0 < 8 ? [1, 0] : [0, 1] }, outputs: 2))

  /// What Lab/Recording/HashChain.swift computes.
  private static func chained(_ before: [UInt8], _ network: Network) -> [UInt8] {
    let snapshot = network.snapshot()
    var bytes = before
    func add(_ buffer: [Float]) {
      for tensor in network.layout.tensors {
        for value in tensor.values(in: buffer) { add(UInt64(value.bitPattern), count: 4) }
      }
    }
    func add(_ word: UInt64, count: Int) {
      for byte in 0..<count { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * byte))) }
    }
    add(snapshot.weights)
    add(UInt64(snapshot.iterations), count: 8)
    for slot in snapshot.slots { add(slot) }
    return SHA256.hash(bytes)
  }
}

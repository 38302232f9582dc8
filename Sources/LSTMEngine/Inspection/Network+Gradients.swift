internal import LSTMKernels

/// The gradients of single samples: each sample's loss is the mean over its own outputs, dropout is off.
extension Network {
  /// Returns the gradient of the mean loss of some of a set's samples, each counted alike, in the
  /// layout's flat order; no class has a weight. Layers that are not trained have zeros.
  package func gradient(of samples: [Int], in set: SampleSet) -> [Float] {
    precondition(!samples.isEmpty, "the gradient of no sample")
    var sum = [Double](repeating: 0, count: layout.floats)
    let pieces = (0..<team.members).map { _ in SequenceGradients(self) }
    forEachBatch(of: samples, in: set, weighing: false) { batch, sums in
      for sequence in 0..<batch.size {  // one after the other: sums have an order
        pieces[0].take(sequence, of: batch, sums)
        let share = 1 / Double(outputRows(set, batch, sequence).count * samples.count)
        for index in sum.indices { unsafe sum[index] += Double(pieces[0].values[index]) * share }
      }
    }
    return sum.map { Float($0) }
  }

  /// Returns the product of each sample's gradient with a direction, part by part in the layout's order
  /// of them: (N, parts).
  ///
  /// - Parameters:
  ///   - direction: In the layout's flat order.
  ///   - samples: The samples that are asked for, each at most once.
  package func gradientProducts(
    of samples: [Int], in set: SampleSet, with direction: [Float]
  ) -> [[Double]] {
    precondition(direction.count == layout.floats, "\(direction.count) of \(layout.floats)")
    return unsafe direction.withUnsafeBufferPointer { direction in
      guard let direction = direction.baseAddress else { return samples.map { _ in [] } }
      return unsafe gradientNumbers(of: samples, in: set, power: 1) { part, gradient in
        unsafe part.product(gradient, direction)
      }
    }
  }

  /// Returns the square of the length of each sample's gradient, part by part: (N, parts).
  package func gradientSquares(of samples: [Int], in set: SampleSet) -> [[Double]] {
    unsafe gradientNumbers(of: samples, in: set, power: 2) { part, gradient in
      unsafe part.product(gradient, gradient)
    }
  }

  /// Computes a number of each part of each sample's gradient, in which the gradient stands `power` times.
  private func gradientNumbers(
    of samples: [Int], in set: SampleSet, power: Int,
    _ number: (ParameterPart, UnsafePointer<Float>) -> Double
  ) -> [[Double]] {
    let parts = layout.parts
    let pieces = (0..<team.members).map { _ in SequenceGradients(self) }
    var places: [Int: Int] = [:]
    for (place, sample) in samples.enumerated() { places[sample] = place }
    var numbers = [Double](repeating: 0, count: samples.count * parts.count)
    unsafe numbers.withUnsafeMutableBufferPointer { numbers in
      guard let base = numbers.baseAddress else { return }
      forEachBatch(of: samples, in: set, weighing: true) { batch, sums in
        team.run { member in
          for sequence in batch.share(member: member, of: team.members) {
            pieces[member].take(sequence, of: batch, sums)
            guard let place = unsafe places[batch.samples[sequence]] else { continue }
            let rows = Double(outputRows(set, batch, sequence).count)
            let share = power == 1 ? 1 / rows : 1 / (rows * rows)
            for (index, part) in parts.enumerated() {
              let own = unsafe number(part, pieces[member].values)
              unsafe base[place * parts.count + index] = share * own
            }
          }
        }
      }
    }
    return samples.indices.map { Array(numbers[$0 * parts.count..<($0 + 1) * parts.count]) }
  }

  /// Returns the loss of each of some samples, as it is measured.
  package func losses(of samples: [Int], in set: SampleSet) -> [Double] {
    var losses: [Int: Double] = [:]
    forEachBatch(of: samples, in: set, weighing: false) { batch, _ in
      for sequence in 0..<batch.size {
        let count = outputRows(set, batch, sequence).count
        let sum = (0..<count).reduce(0.0) { sum, t in
          unsafe sum + Double(head.losses[batch.starts[t] + sequence])
        }
        unsafe losses[batch.samples[sequence]] = sum / Double(count)
      }
    }
    return samples.map { losses[$0] ?? .nan }
  }

  /// Takes over the weights of a network of the same layers; the optimizer's state stays.
  func takeWeights(of other: Network) {
    precondition(layout == other.layout, "networks of different layers")
    unsafe parameters.weights.update(from: other.parameters.weights, count: layout.floats)
    for layer in layers.flatMap({ $0.parts }) {
      layer.weightsChanged(panels: 0..<layer.placement.panels)
    }
  }

  /// Computes the batches of some samples forward and back, and hands over each with its sums, in which a
  /// sequence's loss is the sum over its outputs.
  private func forEachBatch(
    of samples: [Int], in set: SampleSet, weighing: Bool, _ body: (Batch, [GradientSum]) -> Void
  ) {
    for first in stride(from: 0, to: samples.count, by: description.batchSize) {
      let batch = batchRows.arrange(
        set, samples, first: first, size: min(description.batchSize, samples.count - first),
        iteration: nil)
      team.run { member in
        let sequences = batch.share(member: member, of: team.members)
        forward(set, batch, sequences)
        computeLoss(batch, sequences, of: 1, isTraining: weighing)
        for layer in backwardLayers { layer.backward(batch, sequences: sequences) }
      }
      body(batch, trainedSums(batch))
    }
  }

  /// The sums of the layers that are trained.
  func trainedSums(_ batch: Batch) -> [GradientSum] {
    layers.flatMap { $0.gradientSums(batch) }.filter { sum in
      trainedLayers.contains { $0.placement == sum.placement }
    }
  }
}

extension SequenceGradients {
  /// Makes room for the gradient of a sequence of the network.
  convenience init(_ network: Network) {
    self.init(network.description, network.layout, kernels: network.kernels)
  }
}

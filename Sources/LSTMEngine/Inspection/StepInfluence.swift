internal import LSTMKernels

/// What each training sample's part of the optimizer's steps did to the loss of some test samples.
///
/// A step moves each weight by a sum in which every training sample has its part: its own gradient's, and
/// the momentum's that earlier gradients of the sample left, carried along for each. The denominators of
/// Adam and RMSprop are taken as they were in the step: then the movement is linear in the gradients. What
/// a part did to the loss is its product with the loss's gradient before the step, the ideal form of Pruthi,
/// Liu, Kale and Sundararajan, "Estimating Training Data Influence by Tracing Gradient Descent" (2020).
@safe package final class StepInfluence {
  /// What was done to the loss, each a change of it: below 0 it fell.
  package struct Totals: Equatable, Sendable {
    /// By the gradients of each training sample, part by part: (N, parts).
    package fileprivate(set) var samples: [[Double]]
    /// By the momentum that was there before the first step.
    package fileprivate(set) var momentum = 0.0
    /// By the decay of weights.
    package fileprivate(set) var decay = 0.0
    /// By all movements to first order, with what rounding to float32 did to the weights.
    package fileprivate(set) var firstOrder = 0.0
    /// By the bend of the loss along the steps, to second order: half of each movement's product with what
    /// it did to the loss's gradient.
    package fileprivate(set) var secondOrder = 0.0
  }

  /// The sums over all steps so far.
  package private(set) var totals: Totals

  private let test: SampleSet
  private let tested: [Int]
  private let twin: Network
  private let parts: [ParameterPart]
  private let samples: Int
  private let floats: Int
  private let arena: Arena?
  /// What each training sample has in the momentum, and last what was there before: (N + 1, floats).
  private let carried: UnsafeMutablePointer<Float>?
  /// The step at which each of these was last brought up to date; nil where there is nothing yet.
  private var upToDate: [Int?]
  private var pieces: [SequenceGradients] = []
  private var numbers: [Double]

  private var batch: Batch?
  private var before: [Float] = []
  private var unlimited: [Float] = []
  private var gradient: [Float] = []
  /// The last step's movement, and its product with the gradient before it.
  private var movement: (weights: [Float], product: Double)?

  /// The bytes that it takes to follow so many samples.
  package static func bytes(samples: Int, _ description: NetworkDescription) -> Double {
    let layout = ParameterLayout(description.layers, features: description.features)
    guard description.optimizer.hasMomentum else { return 0 }
    return Double(samples + 1) * Double(layout.floats) * Double(MemoryLayout<Float>.stride)
  }

  /// Follows the mean loss of some samples of a set.
  ///
  /// - Parameters:
  ///   - twin: A network of the same layers that measures them, and is not trained.
  ///   - samples: The number of training samples.
  package init(on tested: [Int], of test: SampleSet, twin: Network, samples: Int) {
    self.test = test
    self.tested = tested
    self.twin = twin
    self.samples = samples
    parts = twin.layout.parts
    floats = twin.layout.floats
    let hasMomentum = twin.description.optimizer.hasMomentum
    arena = hasMomentum ? Arena(floats: (samples + 1) * floats) : nil
    unsafe carried = unsafe arena?.take((samples + 1) * floats)
    upToDate = [Int?](repeating: nil, count: samples + 1)
    numbers = [Double](repeating: 0, count: (samples + 1) * parts.count)
    totals = Totals(
      samples: [[Double]](repeating: [Double](repeating: 0, count: parts.count), count: samples))
  }

  /// Brings the second order up to date after the last step.
  package func finish(_ network: Network) {
    twin.takeWeights(of: network)
    closeStep(twin.gradient(of: tested, in: test))
  }

  /// Returns the loss of each tested sample with a network's weights.
  package func losses(of network: Network) -> [Double] {
    twin.takeWeights(of: network)
    return twin.losses(of: tested, in: test)
  }

  private func closeStep(_ gradient: [Float]) {
    self.gradient = gradient
    guard let movement else { return }
    totals.secondOrder += (Self.product(gradient, movement.weights) - movement.product) / 2
    self.movement = nil
  }

  private static func product(_ a: [Float], _ b: [Float]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += Double(a[index]) * Double(b[index]) }
    return sum
  }
}

extension StepInfluence: StepProbe {
  func begin(_ batch: Batch, _ network: Network) {
    if pieces.isEmpty {
      pieces = (0..<network.team.members).map { _ in SequenceGradients(network) }
      takeMomentum(of: network)
    }
    self.batch = batch
    twin.takeWeights(of: network)
    closeStep(twin.gradient(of: tested, in: test))
    unsafe before = Array(UnsafeBufferPointer(start: network.parameters.weights, count: floats))
    if network.description.clipping != GradientClipping() {
      unlimited = [Float](repeating: 0, count: floats)
    }
  }

  /// What is there of momentum before the first step is nobody's.
  private func takeMomentum(of network: Network) {
    guard let carried = unsafe carried, let slot = network.description.optimizer.momentumSlot
    else { return }
    unsafe (carried + samples * floats).update(
      from: network.optimizer.slots[slot], count: floats)
    upToDate[samples] = network.iterations
  }

  func look(_ placement: Placement, panels: Range<Int>, _ network: Network) {
    guard !unlimited.isEmpty, !panels.isEmpty else { return }
    let range =
      placement.offset(panel: panels.lowerBound)..<placement.offset(panel: panels.upperBound)
    unsafe unlimited.withUnsafeMutableBufferPointer { values in
      for index in range { unsafe values[index] = network.parameters.gradients[index] }
    }
  }

  func end(_ network: Network) {
    guard let batch else { return }
    let step = StepShares(network, gradient: gradient, before: before, unlimited: unlimited)
    let after = unsafe UnsafeBufferPointer(start: network.parameters.weights, count: floats)
    let weights = before.indices.map { unsafe after[$0] - before[$0] }
    let product = Self.product(gradient, weights)
    movement = (weights, product)
    totals.firstOrder += product
    totals.decay += step.decay
    add(step, batch, network)
    self.batch = nil
  }

  /// Adds what the step did for each sample; those of the batch have new gradients.
  private func add(_ step: StepShares, _ batch: Batch, _ network: Network) {
    let sums = network.trainedSums(batch)
    let iteration = network.iterations  // of the step that is done
    var sequences = [Int?](repeating: nil, count: samples + 1)
    for b in 0..<batch.size { unsafe sequences[batch.samples[b]] = b }
    let count = parts.count
    let (pieces, parts, carried, floats) = unsafe (
      self.pieces, self.parts, self.carried, self.floats
    )
    let known = upToDate
    unsafe numbers.withUnsafeMutableBufferPointer { numbers in
      guard let base = numbers.baseAddress else { return }
      network.team.run { member in
        for sample in network.team.share(of: samples + 1, member: member) {
          let own = unsafe base + sample * count
          for part in 0..<count { unsafe own[part] = 0 }
          let momentum = unsafe carried.map { unsafe $0 + sample * floats }
          if let sequence = sequences[sample] {
            pieces[member].take(sequence, of: batch, sums)
            if let direct = step.direct {
              unsafe Self.add(direct, pieces[member].values, parts, to: own, times: 1)
            }
            if let momentum = unsafe momentum {
              let kept = known[sample].map { step.kept(iteration - $0) } ?? 0
              unsafe step.renew(momentum, kept: kept, pieces[member].values)
            }
          }
          guard let momentum = unsafe momentum, sequences[sample] != nil || known[sample] != nil
          else { continue }
          let kept =
            sequences[sample] != nil ? 1 : known[sample].map { step.kept(iteration - $0) } ?? 1
          unsafe Self.add(step.ofMomentum, momentum, parts, to: own, times: kept)
        }
      }
    }
    for b in 0..<batch.size { unsafe upToDate[batch.samples[b]] = iteration }
    for sample in 0..<samples {
      for part in 0..<count { totals.samples[sample][part] += numbers[sample * count + part] }
    }
    for part in 0..<count { totals.momentum += numbers[samples * count + part] }
  }

  private static func add(
    _ direction: [Float], _ values: UnsafePointer<Float>, _ parts: [ParameterPart],
    to sums: UnsafeMutablePointer<Double>, times factor: Double
  ) {
    unsafe direction.withUnsafeBufferPointer { direction in
      guard let direction = direction.baseAddress else { return }
      for (index, part) in parts.enumerated() {
        unsafe sums[index] += factor * part.product(values, direction)
      }
    }
  }
}

extension Network {
  /// Trains an epoch as `trainEpoch` does, to the same bits, and adds up what each step did to a loss.
  package func trainEpoch(
    _ set: SampleSet, order: [Int], learningRate: LearningRate, following influence: StepInfluence
  ) -> EpochResult {
    probe = influence
    defer { probe = nil }
    return trainEpoch(set, order: order, learningRate: learningRate)
  }
}

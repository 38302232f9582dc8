internal import LSTMKernels

/// Measures a training step: forward, back-propagation through time and optimizer, on random samples.
///
/// The step is the one that a run makes: `Network.trainEpoch`, over and over on one batch. Between
/// the epochs the rate of the micro-kernel alone is measured, so that both see the same machine.
package struct EngineBench: Sendable {
  /// The model, and the batch of a step.
  package var description: NetworkDescription
  /// The number of threads to ask for.
  package var threads: Int
  /// The level of instructions.
  package var kernels: Kernels
  /// How long to measure, at least five epochs of one step.
  package var seconds: Double

  /// What was measured.
  package struct Result: Sendable {
    /// The median time of a training step.
    package var stepSeconds: Double
    /// Multiplications and additions that a step executes, which are not all that it is said to take.
    package var executedOperations: Double
    /// The best rate of the micro-kernel on all threads together, in operations a second.
    package var microKernelRate: Double
    /// The number of threads that worked.
    package var threads: Int

    /// How much of the micro-kernel's rate the products reach, with everything else in their time.
    package var peakRatio: Double { executedOperations / stepSeconds / microKernelRate }
  }

  /// By default the processor's best level is measured, for two seconds.
  package init(
    _ description: NetworkDescription, threads: Int, kernels: Kernels = .best, seconds: Double = 2
  ) {
    self.description = description
    self.threads = threads
    self.kernels = kernels
    self.seconds = seconds
  }

  /// Measures.
  package func run() -> Result {
    let network = Network(description, threads: threads, kernels: kernels)
    network.initialize(seed: 1)
    let tile = MicroKernelRate(network.team, kernels)
    let set = samples
    var order = Array(0..<description.batchSize)
    let first = time { _ = network.trainEpoch(set, order: order, learningRate: 0.001) }
    let stepsPerEpoch = max(1, Int(Self.shortestEpoch / first))
    order = (0..<stepsPerEpoch).flatMap { _ in 0..<description.batchSize }
    var steps: [Double] = []
    var rate = 0.0
    let start = ContinuousClock.now
    while steps.count < 5 || (ContinuousClock.now - start) / .seconds(1) < seconds {
      let epoch = time { _ = network.trainEpoch(set, order: order, learningRate: 0.001) }
      steps.append(epoch / Double(stepsPerEpoch))
      rate = max(rate, tile.measure(seconds: min(max(epoch / 10, 0.000_5), 0.01)))
    }
    return Result(
      stepSeconds: steps.sorted()[steps.count / 2],
      executedOperations: description.executedOperations, microKernelRate: rate,
      threads: network.threads)
  }

  /// Seconds that an epoch should last, so that reading the clock does not count.
  private static let shortestEpoch = 0.005

  private var samples: SampleSet {
    let stream = RandomStream(seed: 1, purpose: .shuffle, number: 1)
    let (count, steps, features) = (description.batchSize, description.steps, description.features)
    let rows = count * (description.outputHasSteps ? steps : 1)
    return SampleSet(
      count: count, steps: steps, features: features,
      x: (0..<count * steps * features).map { Float(stream.uniform($0)) - 0.5 },
      targets: .classes((0..<rows).map { Int32($0 % description.outputs) }))
  }
}

/// The rate of the products' inner loop alone, on data that stay in the first-level cache.
@safe private struct MicroKernelRate {
  private let team: ThreadTeam
  private let kernels: Kernels
  private let arena: Arena
  private let memory: [UnsafeMutablePointer<Float>]

  init(_ team: ThreadTeam, _ kernels: Kernels) {
    self.team = team
    self.kernels = kernels
    arena = Arena(floats: team.members * kernels.tileFloats)
    unsafe memory = (0..<team.members).map { [arena] _ in unsafe arena.take(kernels.tileFloats) }
  }

  /// Returns operations a second on all threads together, measured for about this long.
  func measure(seconds: Double) -> Double {
    var rounds = 16
    while true {
      var operations = 0.0
      let elapsed = time {
        team.run { member in
          let done = unsafe kernels.table.repeat_tile(rounds, memory[member])
          if member == 0 { operations = done }
        }
      }
      if elapsed >= seconds / 2 { return operations * Double(team.members) / elapsed }
      rounds *= 2
    }
  }
}

/// Returns the seconds that the body takes.
private func time(_ body: () -> Void) -> Double {
  ContinuousClock().measure(body) / .seconds(1)
}

import LSTMEngine

/// Trains and prints a line a case: level and threads, the case's name, its hash.
@main struct EngineCases {
  static func main() {
    for level in Kernels.available {
      guard let kernels = Kernels(level: level) else { continue }
      for threads in 1...3 {
        func show(_ name: String, _ hash: String) { print("\(level) \(threads)\t\(name)\t\(hash)") }
        show("zero-position", ZeroPosition.lastHash(kernels, threads: threads))
        show("128 units", golden(kernels, threads: threads))
        for (number, experiment) in Experiment.table.enumerated() {
          show("experiment \(number)", hash(of: experiment, kernels, threads: threads))
        }
        show("adding problem", adding(kernels, threads: threads))
        show("inspection", inspection(kernels))
        show("functions in double precision", functions())
        show("learning rates", learningRates())
      }
    }
  }

  private static func golden(_ kernels: Kernels, threads: Int) -> String {
    let experiment = GoldenExperiment.experiment
    let network = Network(experiment.description, threads: threads, kernels: kernels)
    network.initialize(seed: experiment.seed)
    _ = experiment.train(network, epochs: 1...experiment.epochs)
    return String(GoldenExperiment.hash(of: network), radix: 16)
  }

  /// Measurements of every epoch, and the state after the last.
  private static func hash(of experiment: Experiment, _ kernels: Kernels, threads: Int) -> String {
    let network = Network(experiment.description, threads: threads, kernels: kernels)
    network.initialize(seed: experiment.seed)
    var hash = BitHash()
    for measured in experiment.train(network, epochs: 1...experiment.epochs) {
      hash.add([measured.loss] + measured.metrics)
    }
    var predictions: [Float]? = []
    _ = network.evaluate(experiment.set, predictions: &predictions)
    hash.add(predictions ?? [])
    add(network, to: &hash)
    return String(hash.value, radix: 16)
  }

  private static func add(_ network: Network, to hash: inout BitHash) {
    let snapshot = network.snapshot()
    hash.add(snapshot.weights)
    hash.add(snapshot.gradients)
    for slot in snapshot.slots { hash.add(slot) }
  }

  /// A regression of 300 steps on samples that the lab generates, of unequal length.
  private static func adding(_ kernels: Kernels, threads: Int) -> String {
    let samples = (0..<60).map { number in
      var random = GeneratorRandom(seed: 5, sample: number)
      return AddingProblem.sample(length: 20, &random)
    }
    let set = SampleSet(
      lengths: samples.map { $0.x.count / 2 }, features: 2, x: samples.flatMap { $0.x },
      targets: .values(samples.flatMap { $0.y }, outputs: 1))
    let lstm = RecurrentSpecification(.lstm, units: 12)
    let network = Network(
      NetworkDescription(
        layers: [
          LayerSpecification(name: "lstm", kind: .recurrent(lstm)),
          LayerSpecification(name: "dense", kind: .dense(DenseSpecification(units: 1))),
        ], loss: .huber, metrics: [.meanAbsoluteError, .meanSquaredError], optimizer: .adam,
        features: 2, steps: set.steps, batchSize: 8),
      threads: threads, kernels: kernels)
    network.initialize(seed: 3)
    var hash = BitHash()
    for epoch in 1...38 {
      let order = RandomStream(seed: 3, purpose: .shuffle, number: epoch).permutation(set.count)
      if case .finished(let measured) = network.trainEpoch(set, order: order, learningRate: 0.01) {
        hash.add([measured.loss] + measured.metrics)
      }
    }
    add(network, to: &hash)
    return String(hash.value, radix: 16)
  }

  /// The forward pass in the letters of the equations, of a model of all cells.
  private static func inspection(_ kernels: Kernels) -> String {
    let experiment = Experiment(
      units: [6, 5, 4], cells: RecurrentCell.allCases, seed: 17, sequences: true)
    let network = Network(experiment.description, threads: 1, kernels: kernels)
    network.initialize(seed: experiment.seed)
    let weights = network.snapshot().weights
    let inspection = NetworkInspection(
      experiment.description.layers, features: experiment.features,
      weights: network.layout.tensors.map { $0.values(in: weights) }, kernels: kernels)
    let set = experiment.set
    var hash = BitHash()
    for layer in inspection.trace(set.sequence(0)).layers {
      for quantity in layer.sums + layer.quantities {
        for values in quantity.values { hash.add(values) }
      }
      for output in layer.output { hash.add(output) }
    }
    return String(hash.value, radix: 16)
  }

  private static func functions() -> String {
    let stream = RandomStream(seed: 2, purpose: .shuffle, number: 4)
    var hash = BitHash()
    for index in 0..<20_000 {
      let uniform = stream.uniform(index)
      hash.add([
        stream.normal(index), ElementaryFunctions.log(uniform + 0x1p-60),
        ElementaryFunctions.exp(1500 * uniform - 750), ElementaryFunctions.cosineOfTurns(uniform),
      ])
    }
    for number in stream.permutation(5000) { hash.add(UInt64(number)) }
    return String(hash.value, radix: 16)
  }

  private static func learningRates() -> String {
    let schedules: [LearningRateSchedule] = [
      .exponentialDecay(steps: 70, rate: 0.83, staircase: false),
      .exponentialDecay(steps: 70, rate: 0.83, staircase: true),
      .inverseTimeDecay(steps: 70, rate: 0.3, staircase: false),
      .inverseTimeDecay(steps: 70, rate: 0.3, staircase: true),
      .cosineDecay(steps: 900, alpha: 0.01, warmup: nil),
      .cosineDecay(steps: 900, alpha: 0.01, warmup: .init(target: 0.02, steps: 33)),
      .polynomialDecay(steps: 300, end: 0.0001, power: 1.7, cycle: false),
      .polynomialDecay(steps: 300, end: 0.0001, power: 0.5, cycle: true),
      .piecewiseConstantDecay(boundaries: [100, 500], values: [0.1, 0.02, 0.003]),
    ]
    var hash = BitHash()
    for schedule in schedules {
      hash.add((0..<1000).map { schedule.rate(initial: 0.01, iteration: $0) })
    }
    return String(hash.value, radix: 16)
  }
}

import LSTMEngine
import LabFormats
import LabStore

/// How much each training sample lowered the loss of the tested ones, by epoch and by layer and gate.
struct TracedInfluence {
  /// The epochs that are counted, ascending.
  let epochs: [Int]
  /// The parts of the model, in the layout's order.
  let parts: [ParameterPart]
  /// What each sample did through each part, over all epochs: (N, parts).
  private(set) var byPart: [[Double]]
  /// What each sample did in each epoch: (N, epochs).
  private(set) var byEpoch: [[Double]]
  /// The stored epochs; nil where every step is trained again.
  var counted: CountedEpochs?
  /// What else changed the loss, and what the sum leaves over; nil where only stored epochs are counted.
  var account: Account?

  /// By how much the loss fell along the way, split into what did it.
  struct Account {
    let before, after: Double
    let samples, momentum, decay, rounding, secondOrder: Double

    /// What is left when all of these are taken off.
    var rest: Double {
      before - after - samples - momentum - decay - rounding - secondOrder
    }
  }

  init(epochs: [Int], parts: [ParameterPart], samples: Int) {
    self.epochs = epochs
    self.parts = parts
    byPart = [[Double]](repeating: [Double](repeating: 0, count: parts.count), count: samples)
    byEpoch = [[Double]](repeating: [Double](repeating: 0, count: epochs.count), count: samples)
  }

  /// Adds what an epoch did.
  ///
  /// - Parameters:
  ///   - epoch: Its place among the epochs.
  ///   - numbers: (N, parts).
  ///   - factor: What the numbers are multiplied by.
  mutating func add(_ numbers: [[Double]], of epoch: Int, times factor: Double) {
    for (sample, own) in numbers.enumerated() {
      for (part, number) in own.enumerated() {
        byPart[sample][part] += factor * number
        byEpoch[sample][epoch] += factor * number
      }
    }
  }

  /// What each sample did in all.
  var sums: [Double] { byPart.map { $0.reduce(0, +) } }
}

extension OpenedRun {
  /// Sums over the stored epochs from 1 on: the learning rate times the product of the gradients of each
  /// training sample and the tested ones. TracInCP of Pruthi, Liu, Kale and Sundararajan, "Estimating
  /// Training Data Influence by Tracing Gradient Descent" (2020).
  ///
  /// A training sample's loss has the weight of its class, as in training.
  ///
  /// - Parameter tested: nil for each training sample with itself.
  func influence(
    on tested: TestedSamples?, _ plan: TrainingPlan, resources: TrainingSession.Resources
  ) throws -> TracedInfluence {
    let counted = try CountedEpochs(self, command: "influence")
    let epochs = counted.numbers
    let train = resources.network(plan.network.forLooking(at: plan.train))
    let test = tested.map {
      resources.network($0.applied.network.forLooking(at: $0.applied.samples))
    }
    let all = Array(0..<plan.train.count)
    var influence = TracedInfluence(
      epochs: epochs, parts: train.layout.parts, samples: all.count)
    influence.counted = counted
    for (index, epoch) in epochs.enumerated() {
      let weights = try weights(at: epoch, for: plan.network)
      train.restore(weights: weights, slots: nil, iterations: 0)
      test?.restore(weights: weights, slots: nil, iterations: 0)
      let rate =
        try database.learningRate(of: id, at: epoch) ?? plan.network.optimizer.learningRate
      let numbers =
        if let test, let tested {
          train.gradientProducts(
            of: all, in: plan.train,
            with: test.gradient(of: tested.numbers, in: tested.applied.samples))
        } else { train.gradientSquares(of: all, in: plan.train) }
      influence.add(numbers, of: index, times: rate)
    }
    return influence
  }

  /// Trains the run again and sums over every optimizer step what each training sample's part of the step
  /// did to the loss of the tested ones.
  ///
  /// - Throws: `LabError` where what is trained again does not have its stored hash.
  func idealInfluence(
    on tested: TestedSamples, resources: TrainingSession.Resources
  ) throws -> TracedInfluence {
    let last = try epoch()
    let replay = try Replay(self, before: run.parentEpoch ?? 0, resources: resources)
    guard last > replay.start else {
      throw LabError(
        .notFound, "run \(id) has trained no epoch up to \(last)", where: place,
        next: run.epochs > replay.start
          ? "name a later one: lstm-lab influence \(id)@last --ideal\(database.option)"
          : "see what it has stored: lstm-lab show \(id)\(database.option)")
    }
    let samples = replay.plan.train.count
    let bytes = StepInfluence.bytes(samples: samples, replay.plan.network)
    guard bytes <= Self.mostBytes else {
      throw LabError(
        .usage,
        "the momentum of \(NumberText.count(samples)) samples takes \(NumberText.bytes(Int(bytes))), and at most \(NumberText.bytes(Int(Self.mostBytes))) are taken",
        where: "--ideal", next: "leave it out: the sum over stored epochs needs no momentum")
    }
    var description = tested.applied.network.forLooking(at: tested.applied.samples)
    description.optimizer = replay.plan.network.optimizer
    let twin = resources.network(description)
    let follower = StepInfluence(
      on: tested.numbers, of: tested.applied.samples, twin: twin, samples: samples)
    var influence = TracedInfluence(
      epochs: Array(replay.start + 1...last), parts: replay.network.layout.parts, samples: samples)
    func loss() -> Double {
      let losses = follower.losses(of: replay.network)
      return losses.reduce(0, +) / Double(losses.count)
    }
    let before = loss()
    var done = follower.totals.samples
    for (index, epoch) in influence.epochs.enumerated() {
      let result = replay.network.trainEpoch(
        replay.plan.train, order: replay.plan.order(epoch: epoch),
        learningRate: try replay.learningRate(of: epoch), following: follower)
      guard case .finished = result else { throw replay.diverged(epoch) }
      let now = follower.totals.samples
      let numbers = zip(now, done).map { zip($0, $1).map { $0 - $1 } }
      influence.add(numbers, of: index, times: -1)
      done = now
    }
    follower.finish(replay.network)
    try requireHash(of: last, replay)
    let totals = follower.totals
    let own = totals.samples.reduce(0.0) { $0 + $1.reduce(0, +) }
    influence.account = .init(
      before: before, after: loss(), samples: -own, momentum: -totals.momentum,
      decay: -totals.decay,
      rounding: own + totals.momentum + totals.decay - totals.firstOrder,
      secondOrder: -totals.secondOrder)
    return influence
  }

  /// The most memory that is taken for the momentum of samples.
  private static let mostBytes = 4e9

  private func requireHash(of epoch: Int, _ replay: Replay) throws {
    guard let hash = try database.hash(of: id, at: epoch),
      let before = try self.hash(before: epoch),
      replay.hash(after: before) == hash
    else {
      throw LabError(
        .data, "trained again, epoch \(epoch) of run \(id) does not have its stored hash",
        where: place,
        next: "check what is stored with: lstm-lab verify \(id)\(database.option)")
    }
  }
}

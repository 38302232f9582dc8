import Foundation
package import LSTMEngine
package import LabFormats
package import LabStore

/// One run being trained: its plan, its network, and the writer that stores its epochs.
///
/// ```swift
/// let end = try session.train(report: { _ in }, shouldStop: { false })
/// #expect(end == .completed && session.epoch == 3)
/// #expect(try session.runID == 1)
/// ```
package final class TrainingSession {
  /// What is trained.
  package let plan: TrainingPlan
  let network: Network
  private let writer: RunWriter
  private let encoder: EpochEncoder
  /// Encodes epochs in order, while training goes on and the writer waits for the disk.
  private let encoding: Worker
  /// How many epochs may wait there.
  private let places: Int
  /// Epochs that are handed over together.
  private var held: [HeldEpoch] = []
  private var controls: TrainingControls
  /// Gives the weights of the best epoch so far, where they will be needed.
  private var bestWeights: (() -> [[Float]])?
  /// The best epoch of a run that was saved without it.
  private var lostBest: Int?
  /// What training came to, once it is over.
  package private(set) var result = RunResult()
  /// The last epoch that is stored or handed over to be.
  package private(set) var epoch: Int
  /// The last epoch with all that a resume needs, stored or handed over to be.
  package private(set) var resumableEpoch: Int
  /// Whether a fork's optimizer starts afresh, because its kind differs from the stored one.
  package let startsOptimizer: Bool

  /// What does not change a single bit of the result.
  package struct Resources: Sendable {
    /// The greatest number of threads, or nil for as many as there are processors.
    package var threads: Int?
    /// The instruction-set level to compute with.
    package var kernels: Kernels

    /// Bounds the threads, and chooses the instruction-set level by name (nil: the processor's best).
    package init(threads: Int? = nil, level: String? = nil) throws(LabError) {
      self.threads = threads
      guard let level, !level.isEmpty else {
        kernels = .best
        return
      }
      guard let kernels = Kernels(level: level) else {
        throw LabError(
          .usage, "this processor has no instruction-set level `\(Visible.line(level))`",
          where: "LSTM_LAB_ISA",
          next: Suggestion.text(for: level, among: Kernels.available) + "this processor has: "
            + Kernels.available.joined(separator: ", "))
      }
      self.kernels = kernels
    }

    /// Returns the number of threads that a model is trained with: no more than its size is worth.
    func threads(for description: NetworkDescription) -> Int {
      description.worthwhileThreads(
        atMost: threads ?? ProcessInfo.processInfo.activeProcessorCount)
    }

    func network(_ description: NetworkDescription) -> Network {
      Network(description, threads: threads(for: description), kernels: kernels)
    }
  }

  /// Starts a new run: its first weights are handed over as epoch 0.
  package init(
    starting plan: TrainingPlan, of sweep: RunDescription.SweepPlace? = nil,
    in database: LabDatabase, on threads: RecordingThreads,
    resources: Resources
  ) throws {
    self.plan = plan
    encoding = threads.encoder
    network = resources.network(plan.network)
    places = Self.places(for: plan, network.layout)
    network.setInitialWeights(plan)
    var description = RunDescription(plan, layout: network.layout, parent: nil)
    description.sweep = sweep
    writer = try database.record(description, on: threads.recorder)
    encoder = EpochEncoder(
      plan: plan, layout: network.layout, after: HashChain.start, weights: nil)
    epoch = 0
    resumableEpoch = 0
    startsOptimizer = false
    controls = TrainingControls(plan)
    try store(first(epoch: 0))
  }

  /// Goes on with a stored run from one of its epochs.
  ///
  /// - Parameters:
  ///   - beyondStop: Whether a run that was stopped early goes on with its patience anew.
  ///   - weights: Reads the weights of another of its epochs; nil where it is not stored, as in a run
  ///     that was saved without its beginning. Then the last epoch is the result, or a better one to come.
  package init(
    resuming run: StoredRun, after state: StoredState, epoch: Int, beyondStop: Bool,
    weights: (_ epoch: Int) throws -> [[Float]]?, plan: TrainingPlan, in database: LabDatabase,
    on threads: RecordingThreads, resources: Resources
  ) throws {
    self.plan = plan
    encoding = threads.encoder
    network = resources.network(plan.network)
    places = Self.places(for: plan, network.layout)
    let place = database.place(of: run.runID, epoch: epoch)
    try network.restore(state, place: place)
    controls = TrainingControls(
      plan, state: try TrainingState(json: state.state, place: place).controls)
    if beyondStop { controls.goOn() }
    if plan.needsBest, let best = controls.state.best {
      if let weights = try weights(best.epoch) {
        bestWeights = { weights }
      } else {
        lostBest = best.epoch
      }
    }
    let change = RunChange(config: (text: plan.config.normalised(), hash: plan.config.hash))
    writer = try database.resume(run, after: epoch, changing: change, on: threads.recorder)
    encoder = EpochEncoder(
      plan: plan, layout: network.layout, after: state.hash, weights: network.snapshot().weights)
    self.epoch = epoch
    resumableEpoch = epoch
    startsOptimizer = false
  }

  /// Starts a new run from another's epoch, which becomes its first stored one.
  ///
  /// An optimizer of another kind than the stored one starts afresh.
  /// - Parameter before: The hash that the epoch is chained to, where it is known.
  package init(
    forking run: StoredRun, at state: StoredState, epoch: Int, before: [UInt8]?,
    plan: TrainingPlan, in database: LabDatabase, on threads: RecordingThreads,
    resources: Resources
  ) throws {
    self.plan = plan
    encoding = threads.encoder
    network = resources.network(plan.network)
    places = Self.places(for: plan, network.layout)
    let counts = network.layout.tensors.map { 4 * $0.count }
    startsOptimizer =
      state.optimizer.map(\.name) != plan.network.optimizer.slotNames
      || !state.optimizer.allSatisfy { $0.tensors.map(\.count) == counts }
      || state.weights.map(\.count) != counts
    try network.restore(
      state, withOptimizer: !startsOptimizer,
      place: database.place(of: run.runID, epoch: epoch))
    writer = try database.record(
      RunDescription(
        plan, layout: network.layout, parent: .init(run: run.runID, epoch: epoch)),
      on: threads.recorder)
    encoder = EpochEncoder(
      plan: plan, layout: network.layout,
      after: startsOptimizer ? before ?? HashChain.start : state.hash,
      weights: network.snapshot().weights)
    self.epoch = epoch
    resumableEpoch = epoch
    // What was measured of other data says nothing of these.
    let hasSameData = try plan.readsData(of: run)
    let metrics =
      hasSameData
      ? try database.metrics(of: run.runID, at: epoch).filter { $0.split != .test } : []
    controls = TrainingControls(
      plan, forking: hasSameData ? try Self.controls(of: run, state, keptBy: plan) : nil, metrics,
      epoch: epoch)
    var first = first(epoch: epoch)
    first.metrics = metrics
    try store(first, inheriting: startsOptimizer ? nil : state.hash)
  }

  /// The run's number in the database.
  package var runID: Int64 {
    get throws {
      waitForEncoder()
      return try writer.runID()
    }
  }

  /// The last epoch that is known to be stored: -1 before the first, nil where the database was taken away.
  package var storedEpoch: Int? { writer.isInPlace ? writer.storedEpoch ?? -1 : nil }

  /// The number of threads that work on a step.
  package var threads: Int { network.threads }

  /// Trains to the plan's last epoch or until it is stopped, and stores how the run ended.
  ///
  /// - Parameter stop: The epoch after which it stops for now, if the plan's last comes later.
  package func train(
    upTo stop: Int? = nil, report: (TrainingEvent) -> Void, shouldStop: () -> Bool
  ) throws -> TrainingEnd {
    let trainer = Trainer(plan: plan, network: network, controls: controls) { try self.store($0) }
    let end = try trainer.train(
      after: epoch, upTo: stop, report: report, shouldStop: shouldStop)
    controls = trainer.controls
    result = outcome(of: trainer, end)
    waitForEncoder()
    // A run that is stopped goes on where it was stopped, however seldom it stores its weights.
    let last = end.outcome == .interrupted && resumableEpoch < epoch ? encoder.whole : nil
    try writer.finish(
      end.outcome, message: end.message, result: result, at: Date(), completing: last)
    if last != nil { resumableEpoch = epoch }
    return end
  }

  /// What came of a training that has reached its end: which epoch is the result, and what the test
  /// data say of the last epoch and of the best one.
  private func outcome(of trainer: Trainer, _ end: TrainingEnd) -> RunResult {
    guard end.isComplete else { return RunResult() }
    var result = RunResult()
    let best = controls.state.best?.epoch
    if plan.config.training.earlyStopping?.restoresBest == true, best != lostBest {
      result.epoch = best
    }
    guard let test = plan.test else { return result }
    if epoch > 0 { trainer.measure(test, epoch, last: epoch, into: &result) }
    if let best, ![epoch, lostBest].contains(best), let bestWeights {
      network.restore(weights: bestWeights(), slots: nil, iterations: network.iterations)
      trainer.measure(test, best, last: epoch, into: &result)
    }
    result.measured.sort { $0.epoch < $1.epoch }
    return result
  }

  /// Where the controls of a fork's parent stood; nil where the fork changes the learning rate.
  private static func controls(
    of run: StoredRun, _ state: StoredState, keptBy plan: TrainingPlan
  ) throws -> ControlState? {
    let before = try Config(of: run).training
    let training = plan.config.training
    guard before.rateControl == training.rateControl,
      before.optimizer.learningRate == training.optimizer.learningRate
    else { return nil }
    return try TrainingState(json: state.state, place: Config.source(ofRun: run.runID)).controls
  }

  private func first(epoch: Int) -> FinishedEpoch {
    let trainer = Trainer(plan: plan, network: network, controls: controls) { _ in }
    var first = FinishedEpoch(
      number: epoch, isFirst: true, seconds: 0, recordedAt: Date(),
      learningRate: controls.learningRate.at(iteration: network.iterations), metrics: [],
      controls: controls.state, predictions: trainer.predictions(epoch))
    first.activations = trainer.activations(epoch)
    first.isBest = plan.needsBest && controls.state.best?.epoch == epoch
    return first
  }

  /// An epoch with the state that it led to.
  private struct HeldEpoch {
    let epoch: FinishedEpoch
    let snapshot: Snapshot
    let inherited: [UInt8]?
  }

  /// As many epochs are held at most. To wake a thread takes as long as to train a small one.
  private static let mostHeld = 16
  /// Epochs that take less time than this, in seconds, are held: together no longer than the writer gathers.
  private static let short = 0.001

  /// Hands an epoch and the network's present state over to be encoded and stored; throws what
  /// stopped the writer earlier.
  private func store(_ epoch: FinishedEpoch, inheriting hash: [UInt8]? = nil) throws {
    try writer.requireHealth()
    let snapshot = network.snapshot()
    held.append(HeldEpoch(epoch: epoch, snapshot: snapshot, inherited: hash))
    if epoch.isFirst || epoch.seconds >= Self.short || held.count >= min(Self.mostHeld, places) {
      handOver()
    }
    self.epoch = epoch.number
    if epoch.isBest {
      bestWeights = { [layout = network.layout, weights = snapshot.weights] in
        layout.tensors.map { $0.values(in: weights) }
      }
    }
    if encoder.keepsEverything(epoch) { resumableEpoch = epoch.number }
  }

  /// Leaves what is held to the encoder, once there is room for it.
  private func handOver() {
    guard !held.isEmpty else { return }
    encoding.awaitFewer(than: max(1, places / held.count))
    encoding.leave { [encoder, writer, held] in
      for held in held {
        // What stops the writer is thrown when the next epoch comes, or the end.
        try? writer.submit(
          encoder.encode(held.epoch, held.snapshot, inheriting: held.inherited))
      }
    }
    held = []
  }

  /// Waits until the epoch that was finished last waits for the disk.
  private func waitForEncoder() {
    handOver()
    encoding.awaitFewer(than: 1)
  }

  /// The epochs of a network that may be between training and the writer's queue: one of any size, or
  /// as many small ones as make up a megabyte. A small epoch takes less time than a change of threads.
  private static func places(for plan: TrainingPlan, _ layout: ParameterLayout) -> Int {
    let record = plan.config.record
    guard record.predictionsEvery == 0, record.activationsEvery == 0 else {
      return 1
    }
    let weights = layout.tensors.reduce(0) { $0 + $1.rows * $1.columns }
    let bytes = 4 * weights * (2 + plan.network.optimizer.slotNames.count)
    return max(1, min(64, (1 << 20) / max(bytes, 1)))
  }
}

extension TrainingEnd {
  fileprivate var outcome: RunOutcome {
    switch self {
    case .completed, .stoppedEarly: .completed
    case .interrupted, .stopped: .interrupted
    case .diverged: .diverged
    }
  }
}

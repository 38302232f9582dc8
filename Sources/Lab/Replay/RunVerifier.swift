import Foundation
import LSTMEngine
import LabFormats
import LabStore

/// Checks a stored run: the file, the chain of hashes, and each bit against training it again.
final class RunVerifier {
  let opened: OpenedRun
  let tensors: [TensorDescription]
  let resources: TrainingSession.Resources
  var verification: Verification
  /// The losses and metrics of each epoch.
  private let metrics: [Int: [MetricValue]]
  /// The epochs whose stored bytes do not have the stored hash.
  private var broken: Set<Int> = []

  var run: StoredRun { opened.run }
  var database: LabDatabase { opened.database }

  init(_ opened: OpenedRun, resources: TrainingSession.Resources) throws {
    let (run, database) = (opened.run, opened.database)
    self.opened = opened
    self.resources = resources
    tensors = try database.tensors(of: run.runID)
    metrics = try database.metrics(of: run.runID)
    verification = Verification(
      heading: "Verifying \(Visible.line(run.name)), run \(run.runID), "
        + "epochs \(run.parentEpoch ?? 0) to \(run.epochs)")
  }

  /// Checks the pages of the file and the text of the configuration.
  func checkFile() throws {
    for damage in try database.damages() { verification.add(nil, "file", Visible.line(damage)) }
    if try opened.configHash != run.configHash {
      verification.add(nil, "configuration", "its hash is not the stored one")
    }
    verification.facts.append(
      Fact("file", verification.problems.isEmpty ? "pages and keys are sound" : "damaged"))
  }

  /// Checks that the bytes of every whole state have the hash that is stored with them.
  func checkChain() throws {
    let epochs = try opened.hashedEpochs()
    for epoch in epochs {
      let state = try database.state(of: run.runID, at: epoch, with: .weights)
      if try !opened.hasItsHash(state, at: epoch) { broken.insert(epoch) }
    }
    verification.facts.append(
      Fact(
        "hash chain",
        "\(epochs.count) whole states, "
          + (broken.isEmpty ? "all have their hashes" : "\(broken.count) do not have their hashes"))
    )
  }

  /// Names the epochs whose bytes do not have their hash, where nothing more is known of them.
  func tellBroken() {
    for epoch in broken.sorted() {
      verification.add(epoch, "hash", "the stored bytes do not have the stored hash")
    }
  }

  /// Trains the run again and compares every epoch.
  ///
  /// - Parameter start: The stored epoch to start from; nil for the very first state.
  func train(from start: Int?) throws {
    let before = verification.problems.count
    let session = try begin(from: start)
    checkTargets(session.plan)
    try checkGates(session.plan)
    var epochs = 0
    try compare(session.first, session: session)
    var controls = session.controls
    var last = session.first.number
    while last < run.epochs, !verification.isFull {
      controls.goOn()  // what was stored beyond an early stop was trained beyond it
      let trainer = Trainer(
        plan: session.plan, network: session.network, controls: controls
      ) { epoch in
        epochs += 1
        try self.compare(epoch, session: session)
      }
      let end = try trainer.train(
        after: last, report: { _ in }, shouldStop: { self.verification.isFull })
      if case .diverged(let epoch, _) = end {
        verification.add(epoch, "training", "does not stay finite, though it was stored")
        break
      }
      controls = trainer.controls
      last = session.first.number + epochs
    }
    if verification.problems.count == before { tellBroken() }
    let from = session.isFromSeed ? "the seed" : "epoch \(session.first.number)"
    let result = verification.problems.isEmpty ? "every bit is equal" : "not every bit is equal"
    verification.facts.append(
      Fact("trained again", "\(epochs) epochs from \(from): \(result)"))
  }

  /// A run that is being trained again.
  struct Session {
    let plan: TrainingPlan
    let network: Network
    let encoder: EpochEncoder
    let controls: TrainingControls
    /// The state that it starts from.
    let first: FinishedEpoch
    let isFromSeed: Bool
  }

  /// Sets the network to the state that training starts from.
  private func begin(from start: Int?) throws -> Session {
    var config = try opened.config
    config.training.epochs = run.epochs
    let isFromSeed =
      start == nil && run.parentRunID == nil && run.parentEpoch == nil
      && config.model.initialWeights == nil
    // Everything is compared with what is stored, so everything is made.
    config.record.weightsEvery = 1
    config.record.optimizerEvery = 1
    config.record.predictionsEvery = 0
    let plan = try opened.plan(config)
    let network = resources.network(plan.network)
    var first = 0
    var controls = TrainingControls(plan)
    if isFromSeed {
      network.initialize(seed: UInt64(config.seed))
    } else {
      first = try firstGoodState(from: start)
      let state = try database.state(of: run.runID, at: first)
      let place = opened.place(of: first)
      try network.restore(state, place: place)
      controls = TrainingControls(
        plan, state: try TrainingState(json: state.state, place: place).controls)
    }
    // A stored state keeps its hash, to which the next epoch is chained.
    let hash = isFromSeed ? nil : try database.hash(of: run.runID, at: first)
    return Session(
      plan: plan, network: network,
      encoder: EpochEncoder(
        plan: plan, layout: network.layout, after: hash ?? HashChain.start, weights: nil),
      controls: controls,
      first: FinishedEpoch(
        number: first, isFirst: true, seconds: 0,
        recordedAt: Date(), learningRate: 0, metrics: []),
      isFromSeed: isFromSeed)
  }

  /// The first whole state, from an epoch on, whose bytes have their hash.
  private func firstGoodState(from start: Int?) throws -> Int {
    let known = try database.epochs(of: run.runID, storing: .resumable)
    if let start {
      guard known.contains(start) else {
        let near = [known.last { $0 < start }, known.first { $0 > start }].compactMap { $0 }
        throw LabError(
          .notFound, "run \(run.runID) has stored no state to train from at epoch \(start)",
          where: database.path,
          next: "the nearest epochs with one: " + near.map(String.init).joined(separator: " and "))
      }
    }
    guard let good = known.first(where: { $0 >= start ?? 0 && !broken.contains($0) }) else {
      throw LabError(
        .data, "run \(run.runID) has no undamaged state to train from", where: database.path,
        next: LabError.adviceOnDamage(database.path))
    }
    return good
  }

  /// Compares an epoch with what is stored of it.
  private func compare(_ epoch: FinishedEpoch, session: Session) throws {
    guard let hash = try database.hash(of: run.runID, at: epoch.number) else {
      return verification.add(epoch.number, "epoch", "is not stored")
    }
    let isInherited = epoch.isFirst && !session.isFromSeed
    let record = session.encoder.encode(
      epoch, session.network.snapshot(), inheriting: isInherited ? hash : nil)
    let comparison = StateComparison(tensors: tensors, epoch: epoch.number)
    let before = verification.problems.count
    let stored = try database.recorded(of: run.runID, at: epoch.number)
    if let weights = stored.weights, let trained = record.weights {
      comparison.compare(weights, with: trained, of: "", in: &verification)
    }
    for (stored, trained) in zip(stored.optimizer, record.optimizer ?? []) {
      comparison.compare(stored.tensors, with: trained.tensors, of: stored.name, in: &verification)
    }
    if record.hash != hash, verification.problems.count == before {
      let isStored = stored.weights != nil
      verification.add(
        epoch.number, "hash",
        isStored ? "is not that of the state" : "differs, and the state itself is not stored")
    }
    try comparePredictions(epoch.number, session, comparison)
    try compareActivations(epoch.number, session, comparison)
    if !epoch.isFirst {
      compareMetrics(epoch)
      try compareLearningRate(epoch)
    }
  }

  /// Compares the learning rate, with which an epoch is trained again that is not stored.
  private func compareLearningRate(_ epoch: FinishedEpoch) throws {
    let stored = try database.learningRate(of: run.runID, at: epoch.number)
    if let stored, stored != epoch.learningRate {
      verification.add(
        epoch.number, "learning rate", "stored \(stored), trained \(epoch.learningRate)")
    }
  }

  private func compareMetrics(_ epoch: FinishedEpoch) {
    let stored = metrics[epoch.number] ?? []
    for metric in epoch.metrics {
      guard let value = stored.first(where: { $0.split == metric.split && $0.name == metric.name })
      else { continue }
      if value.value != metric.value {
        verification.add(
          epoch.number, "\(metric.split.rawValue) \(metric.name)",
          "stored \(value.value), trained \(metric.value)")
      }
    }
  }
}

extension Laboratory {
  /// Checks a stored run.
  ///
  /// - Parameters:
  ///   - start: The stored epoch to train again from; nil for the very first state.
  ///   - trains: Whether the run is trained again; else the file and the hashes are checked alone.
  package func verify(
    _ text: String, from start: Int?, trains: Bool, resources: TrainingSession.Resources
  ) throws -> Verification {
    let opened = try open(
      whole: text, in: reading(), "a run is verified as a whole", where: "verify"
    ) { "to train again from an epoch: lstm-lab verify \($0) --from \($1)" }
    let verifier = try RunVerifier(opened, resources: resources)
    try verifier.checkFile()
    try verifier.checkChain()
    if let trainer = opened.run.trainer {
      verifier.tellBroken()
      verifier.verification.facts.append(
        Fact("trained again", "not here: it was trained by \(Visible.line(trainer))"))
      verifier.verification.verdict = "Every stored state has its hash."
    } else if trains {
      try verifier.train(from: start)
    } else {
      verifier.tellBroken()
    }
    return verifier.verification
  }
}

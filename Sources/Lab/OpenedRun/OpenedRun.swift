import LSTMEngine
import LabFormats
import LabStore

/// A stored run that a command works on, and the database that holds it.
///
/// ```swift
/// let opened = try laboratory.open("1@last")
/// #expect(try opened.config == config)
/// let weights = try opened.weights(at: opened.epoch())
/// #expect(weights.joined().count == 138)
/// ```
struct OpenedRun: Sendable {
  let database: LabDatabase
  let run: StoredRun
  /// The epoch that was named with the run; nil where none was.
  let namedEpoch: Int?
  /// The best epoch of a run that was named as the best; nil of any other.
  let bestEpoch: Int?
  /// The folder that was named for the data of stored runs; nil where none was.
  let dataFolder: String?
  /// What an epoch that is not stored is trained again with.
  let resources: @Sendable () throws -> TrainingSession.Resources
  /// Is told what was chosen, and by what.
  let tell: @Sendable (String) -> Void

  /// Opens a run that is known.
  init(_ run: StoredRun, in database: LabDatabase, dataFolder: String? = nil) {
    self.database = database
    self.run = run
    self.dataFolder = dataFolder
    namedEpoch = nil
    bestEpoch = nil
    resources = { try TrainingSession.Resources() }
    tell = { _ in }
  }

  /// Opens the run that a reference names, and tells which run and epoch a word came to.
  init(
    _ reference: RunReference, in database: LabDatabase, dataFolder: String? = nil,
    resources: @escaping @Sendable () throws -> TrainingSession.Resources = {
      try TrainingSession.Resources()
    },
    tell: @escaping @Sendable (String) -> Void = { _ in }
  ) throws {
    let (id, best) = try database.choose(reference)
    self.database = database
    run = try database.run(id)
    self.dataFolder = dataFolder
    self.resources = resources
    self.tell = tell
    if let best { tell(best.reason) }
    bestEpoch = best?.epoch
    guard let epoch = reference.epoch else {
      namedEpoch = nil
      return
    }
    if case .number(let number) = epoch {
      namedEpoch = number
    } else {
      let chosen = try database.epoch(of: reference, in: id)
      if !chosen.reason.isEmpty { tell(chosen.reason) }
      namedEpoch = chosen.epoch
    }
  }

  /// The run's number in the database.
  var id: Int64 { run.runID }

  /// What messages call the run.
  var place: String { database.place(of: id) }

  /// What messages call one of its epochs.
  func place(of epoch: Int) -> String { database.place(of: id, epoch: epoch) }

  /// The configuration as it is stored; of a foreign run its model and training, with stand-ins for the data.
  ///
  /// - Throws: ``foreign(_:next:)`` of a run whose model the engine does not know.
  var config: Config {
    get throws(LabError) {
      guard run.trainer != nil else { return try ownConfig }
      guard let native = run.native else {
        throw foreign(
          "its model is not one that can be computed here",
          next: try unknownLayers())
      }
      return try NativeModel(json: native, name: run.name, place: place).config
    }
  }

  private var ownConfig: Config {
    get throws(LabError) {
      do {
        return try Config(of: run)
      } catch var error {
        // Nobody can mend it in a file.
        error.next = LabError.adviceOnDamage(database.path)
        throw error
      }
    }
  }

  /// Says why a foreign run has no native model: what its trainer said of it, else the layers that the engine
  /// does not know; and what can be done all the same.
  private func unknownLayers() throws(LabError) -> String {
    let told = (try? JSONDocument(run.config, source: place))?.root.members
    if let reason = told?.first(where: { $0.key == "no_native_model" })?.value.string {
      return Visible.line(reason)
        + "; look at what is stored: lstm-lab show \(id)\(database.option)"
    }
    var names: [String] = []
    var seen: Set<String> = []
    do {
      for tensor in try database.tensors(of: id) where tensor.source == nil {
        if seen.insert(tensor.layer).inserted { names.append(tensor.layer) }
      }
    } catch { names = [] }
    let shown = names.prefix(5).map { "`\(Visible.line($0))`" }.joined(separator: ", ")
    let known =
      names.isEmpty ? "" : "the engine does not know \(shown)\(names.count > 5 ? ", …" : ""); "
    return known + "look at what is stored: lstm-lab show \(id)\(database.option)"
  }

  /// Refuses a run that another program trained.
  func requireOwn(toDo what: String, next: @autoclosure () -> String) throws(LabError) {
    if run.trainer != nil { throw foreign(what, next: next()) }
  }

  /// Says what is not to be had of a run that another program trained.
  func foreign(_ what: String, next: String? = nil) -> LabError {
    LabError(
      .usage, "run \(id) was trained by \(run.trainer ?? LabVersion.current): \(what)",
      where: place,
      next: next ?? "look at what is stored: lstm-lab show \(id)\(database.option)")
  }

  /// SHA-256 of the stored configuration in its normalised form, in hexadecimal.
  var configHash: String {
    get throws(LabError) {
      run.trainer == nil ? try config.hash : Config.hash(of: run.config)
    }
  }

  /// Returns an epoch that the run has: this one, else the named one, else the best of a run that was
  /// named as the best, else that of its result; where that is not the last, it is told.
  ///
  /// - Throws: Which is the last, where there is none such.
  func epoch(_ number: Int? = nil) throws -> Int {
    let number = number ?? namedEpoch ?? bestEpoch
    let reference = RunReference(
      .named(String(id)), epoch: number.map(RunReference.Epoch.number) ?? .result)
    let epoch = try database.epoch(of: reference, in: id).epoch
    if number == nil, epoch < run.epochs {
      tell("run \(id) is read at epoch \(epoch), its result; its last is \(run.epochs): \(id)@last")
    }
    return epoch
  }

  /// Returns the epoch whose weights are looked at: where none is named and the result's were not
  /// stored, as of a run that still trains, the last with weights, which is told.
  func epochWithWeights() throws -> Int {
    guard namedEpoch == nil, bestEpoch == nil,
      let last = try database.epochs(of: id, storing: .weights).last, last < run.resultEpoch
    else { return try epoch() }
    tell(
      "run \(id) is read at epoch \(last), its last with weights; its result is \(run.resultEpoch)")
    return last
  }
}

// MARK: What it was trained with

extension OpenedRun {
  /// Returns the plan of the stored configuration, or of one that differs from it in its training, with
  /// the same data to the bit and the tensors that are stored.
  func plan(_ config: Config) throws -> TrainingPlan {
    let plan = try preparedPlan(config)
    try requireTensors(of: plan.network)
    return plan
  }

  /// Refuses a model whose tensors are not those that are stored.
  func requireTensors(of network: NetworkDescription) throws {
    let layout = ParameterLayout(network.layers, features: network.features)
    let (stored, wanted) = (
      try database.tensors(of: id), layout.tensors.map(TensorDescription.init)
    )
    guard run.native == nil ? stored == wanted : NativeModel.fit(stored, wanted) else {
      throw LabError(
        .data, "the stored tensors are not those of the model in run \(id)'s configuration",
        where: place, next: LabError.adviceOnDamage(database.path))
    }
  }

  /// Returns the state of an epoch, after its hash was found to be that of the stored bytes.
  ///
  /// - Parameter part: What is needed of it. Of weights whose optimizer state was not stored, which
  ///   is hashed with them, only the number is checked; ``RunVerifier`` trains them again.
  func state(at epoch: Int, with part: StoredPart = .resumable) throws -> StoredState {
    let state = try database.state(of: id, at: epoch, with: part)
    guard try hasItsHash(state, at: epoch) else {
      throw LabError(
        .data, Self.wrongHash, where: place(of: epoch),
        next: part == .resumable
          ? "the database was damaged or changed; go on from another epoch with --from"
          : "the database was damaged or changed; look for other damage with: "
            + "lstm-lab verify \(id)\(database.option)")
    }
    return state
  }

  /// Returns the values of each tensor in an epoch, row by row, after their hash was checked; an epoch that
  /// has not stored them is trained again, which is told.
  func weights(at epoch: Int) throws -> [[Float]] {
    do {
      return try state(at: epoch, with: .weights).weights.map(\.floats)
    } catch let error as LabError where error.kind == .notFound && run.trainer == nil {
      return try weightsTrainedAgain(to: epoch, insteadOf: error)
    }
  }

  /// What is said of an epoch whose bytes are not those that were stored.
  static let wrongHash = "the stored bytes do not have the stored hash"

  /// Whether the bytes of an epoch have the hash that is stored with them; true where nothing is left
  /// to check it with.
  func hasItsHash(_ state: StoredState, at epoch: Int) throws -> Bool {
    guard try isHashed(state), let before = try hash(before: epoch) else { return true }
    var chain = HashChain(after: before)
    let hash = chain.append(
      weights: state.weights,
      iterations: try TrainingState(json: state.state, place: place(of: epoch)).iterations,
      slots: state.optimizer.map(\.tensors))
    return hash == state.hash
  }

  /// The stored epochs whose hash can be compared with their bytes, in order.
  func hashedEpochs() throws -> [Int] {
    try database.epochs(of: id, storing: run.trainer == nil ? .resumable : .weights)
  }

  /// Whether all is stored that the hash is made of; an optimizer without state has nothing to store.
  private func isHashed(_ state: StoredState) throws -> Bool {
    if run.trainer != nil {
      let slots = try TrainingState(json: state.state, place: place).slots
      return state.optimizer.map(\.name) == slots ?? []
    }
    return try state.isWhole
      || state.optimizer.map(\.name) == config.training.optimizer.slotNames
  }

  /// Returns the hash that an epoch is chained to; a fork's first epoch is chained to its parent's.
  ///
  /// nil where the parent is gone, and the first state of a fork has nothing to be checked with.
  func hash(before epoch: Int) throws -> [UInt8]? {
    guard epoch > 0 else { return HashChain.start }
    var run = run
    var line: Set<Int64> = []
    while true {
      if let hash = try database.hash(of: run.runID, at: epoch - 1) { return hash }
      // A chain of its own, whatever it goes on from.
      if run.trainer != nil { return HashChain.start }
      guard let parent = run.parentRunID else { return nil }
      guard line.insert(run.runID).inserted else {
        throw LabError(
          .data, "run \(run.runID) descends from itself", where: place,
          next: LabError.adviceOnDamage(database.path))
      }
      run = try database.run(parent)
    }
  }
}

import LSTMEngine
import LabFormats
package import LabStore

/// A database of runs and what can be done with them: the commands' way into the program.
package struct Laboratory {
  /// The database's path as the user gave it.
  package let path: String

  /// The option that names the database in an advised command, or nothing where it is the default.
  package let option: String

  /// Names the database; nothing is opened yet.
  ///
  /// - Parameter isNamed: Whether the user named it on the command line.
  package init(path: String, isNamed: Bool = false) {
    self.path = path
    option = isNamed ? " --db " + Self.quoted(path) : ""
  }

  /// Returns a word as an advised command has it: in quotes where a shell would take it apart.
  ///
  /// - Parameter plain: The signs that need no quotes, besides letters and numbers.
  package static func quoted(_ word: String, plain: String = "/._-") -> String {
    let isPlain = word.allSatisfy { $0.isLetter || $0.isNumber || plain.contains($0) }
    return Visible.line(isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'")
  }

  /// Opens the database to read.
  package func reading() throws -> LabDatabase { try LabDatabase(path: path, access: .readOnly) }

  /// Starts a new run of a configuration file. The database is created if it is missing, after the
  /// configuration and its data were found good.
  package func start(
    contentsOf path: String, resources: TrainingSession.Resources
  ) throws -> TrainingSession {
    try start(try TrainingPlan(try Config(contentsOf: path)), resources: resources)
  }

  /// Starts a new run of a plan that was made of a configuration file.
  func start(
    _ plan: TrainingPlan, resources: TrainingSession.Resources
  ) throws -> TrainingSession {
    let database = try LabDatabase(path: path, access: .readWrite(creatingIfMissing: true))
    return try TrainingSession(starting: plan, in: database, resources: resources)
  }

  /// Goes on with a run from the last epoch that has all that is needed.
  ///
  /// - Parameter epochs: The epoch to train up to, or nil for the configuration's.
  /// - Returns: nil where the run has all its epochs already.
  package func resume(
    _ text: String, epochs: Int?, resources: TrainingSession.Resources
  ) throws -> TrainingSession? {
    let database = try LabDatabase(path: path, access: .readWrite(creatingIfMissing: false))
    let reference = try RunReference.parse(text)
    guard reference.epoch == nil else {
      throw LabError(
        .usage, "`\(text)` names an epoch; a run goes on from its last one", where: "resume",
        next: "to start a new run from an earlier epoch: "
          + "lstm-lab resume \(RunReference(reference.selector)) --from \(reference.epoch ?? 0)")
    }
    let run = try database.run(try database.find(reference))
    var config = try Config(of: run)
    config.training.epochs = epochs ?? config.training.epochs
    guard run.epochs <= config.training.epochs else {
      throw LabError(
        .usage, "run \(run.runID) has \(run.epochs) epochs already", where: "--epochs",
        next: "to train again from an earlier epoch: lstm-lab resume \(run.runID) --from EPOCH")
    }
    // A run that was stopped early is complete too, until it is told to go on.
    if run.status == "completed", epochs == nil || run.epochs == epochs { return nil }
    guard let epoch = try database.lastResumableEpoch(of: run.runID) else {
      throw LabError(
        .notFound, "run \(run.runID) has no epoch with weights and optimizer state",
        where: path, next: "start it again with: lstm-lab run")
    }
    let plan = try restoredPlan(config, of: run, in: database)
    let state = try checkedState(of: run, at: epoch, in: database)
    return try TrainingSession(
      resuming: run, after: state, epoch: epoch, beyondStop: epochs != nil, plan: plan,
      in: database, resources: resources)
  }

  /// Starts a new run from an epoch of another one, whose state it takes over to the bit.
  package func fork(
    _ text: String, from epoch: Int, epochs: Int?, changes: [ConfigChange],
    resources: TrainingSession.Resources
  ) throws -> TrainingSession {
    let database = try LabDatabase(path: path, access: .readWrite(creatingIfMissing: false))
    let reference = try RunReference.parse(text)
    if let named = reference.epoch, named != epoch {
      throw LabError(
        .usage, "`\(text)` names epoch \(named), --from epoch \(epoch)", where: "resume",
        next: "name the epoch once: \(RunReference(reference.selector)) --from EPOCH")
    }
    let run = try database.run(try database.find(reference))
    let epoch = try database.epoch(
      of: RunReference(.named(String(run.runID)), epoch: epoch), in: run.runID)
    var json = run.config
    for change in changes { json = try change.applied(to: json) }
    var config = try Config(of: run, json: json)
    config.training.epochs = epochs ?? config.training.epochs
    guard epoch <= config.training.epochs else {
      throw LabError(
        .usage, "the fork would start at epoch \(epoch) and end at \(config.training.epochs)",
        where: "--epochs", next: "name the epoch to train up to, at least \(epoch)")
    }
    let plan = try restoredPlan(config, of: run, in: database)
    let state = try checkedState(of: run, at: epoch, in: database)
    return try TrainingSession(
      forking: run, at: state, epoch: epoch,
      before: try hash(before: epoch, of: run, in: database), plan: plan,
      in: database, resources: resources)
  }

  /// The plan of a stored run, with the same data to the bit and the tensors that are stored.
  func restoredPlan(
    _ config: Config, of run: StoredRun, in database: LabDatabase
  ) throws -> TrainingPlan {
    // The stored state takes the place of first weights from a file.
    let plan = try TrainingPlan(config, loadsInitialWeights: false)
    guard plan.data.hash == run.dataHash else {
      let change = DataChange(from: try database.dataParts(of: run.runID), to: plan.data.parts)
      throw LabError(
        .data, "the data are not those that run \(run.runID) was trained with: \(change)",
        where: change.place(in: config),
        next: "put them back as they were, or start a new run with them")
    }
    let layout = ParameterLayout(plan.network.layers, features: plan.network.features)
    guard try database.tensors(of: run.runID) == layout.tensors.map(TensorDescription.init) else {
      throw LabError(
        .data, "the stored tensors are not those of the model that run \(run.runID) trained",
        where: "\(database.path), run \(run.runID)",
        next: "the database was damaged or changed; restore a backup")
    }
    return plan
  }

  /// The state of an epoch, after its hash was found to be that of the stored bytes.
  func checkedState(
    of run: StoredRun, at epoch: Int, in database: LabDatabase
  ) throws -> StoredState {
    let state = try database.state(of: run.runID, at: epoch)
    let place = "\(database.path), run \(run.runID), epoch \(epoch)"
    guard let before = try hash(before: epoch, of: run, in: database) else { return state }
    var chain = HashChain(after: before)
    let hash = chain.append(
      weights: state.weights,
      iterations: try TrainingState(json: state.state, place: place).iterations,
      slots: state.optimizer.map(\.tensors))
    guard hash == state.hash else {
      throw LabError(
        .data, "the stored bytes do not have the stored hash", where: place,
        next: "the database was damaged or changed; go on from another epoch with --from")
    }
    return state
  }

  /// The hash that an epoch is chained to; a fork's first epoch is chained to its parent's.
  ///
  /// nil where the parent is gone, and the first state of a fork has nothing to be checked with.
  func hash(
    before epoch: Int, of run: StoredRun, in database: LabDatabase
  ) throws -> [UInt8]? {
    guard epoch > 0 else { return HashChain.start }
    if let hash = try database.hash(of: run.runID, at: epoch - 1) { return hash }
    guard let parent = run.parentRunID else { return nil }
    return try hash(before: epoch, of: database.run(parent), in: database)
  }
}

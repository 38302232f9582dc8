import LSTMEngine
package import LabFormats
package import LabStore

/// A database of runs and what can be done with them: the commands' way into the program.
///
/// ```swift
/// let laboratory = Laboratory(path: database)
/// let resources = try TrainingSession.Resources(threads: 2)
/// let session = try laboratory.start(plan, resources: resources)
/// ```
package struct Laboratory {
  /// The database's path as the user gave it.
  package let path: String

  /// The option that names the database in an advised command, or nothing where it is the default.
  package let option: String

  /// The folder in which the data of stored runs are looked for at last; nil where none was named.
  let dataFolder: String?

  /// What an epoch that is not stored is trained again with.
  let resources: @Sendable () throws -> TrainingSession.Resources

  /// Is told which run and epoch was chosen where a word, such as `@best`, or nothing named it.
  let tell: @Sendable (String) -> Void

  /// Names the database; nothing is opened yet.
  ///
  /// - Parameters:
  ///   - isNamed: Whether the user named it on the command line.
  ///   - dataFolder: Where else the data of stored runs may lie.
  ///   - resources: What an epoch that is not stored is trained again with.
  ///   - tell: Is told which run and epoch a word came to.
  package init(
    path: String, isNamed: Bool = false, dataFolder: String? = nil,
    resources: @escaping @Sendable () throws -> TrainingSession.Resources = {
      try TrainingSession.Resources()
    },
    tell: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.path = path
    self.dataFolder = dataFolder
    self.resources = resources
    self.tell = tell
    option = isNamed ? " --db " + ShellWord.quoted(path) : ""
  }

  /// Opens the database to read.
  package func reading() throws -> LabDatabase { try database(.readOnly) }

  /// Opens the database to change what is there.
  func changing() throws -> LabDatabase { try database(.readWrite(creatingIfMissing: false)) }

  /// Opens the database to add to it, many runs or one; it is made if it is missing.
  func creating(forManyRuns: Bool = false) throws -> LabDatabase {
    try LabDatabase(
      path: path, access: .readWrite(creatingIfMissing: true), option: option,
      forManyRuns: forManyRuns)
  }

  private func database(_ access: LabDatabase.Access) throws -> LabDatabase {
    try LabDatabase(path: path, access: access, option: option)
  }

  /// Opens the run that a text names, perhaps with one of its epochs.
  func open(_ text: String, in database: LabDatabase? = nil) throws -> OpenedRun {
    let database = try database ?? reading()
    return try OpenedRun(
      RunReference.parse(text), in: database, dataFolder: dataFolder, resources: resources,
      tell: tell)
  }

  /// Opens the run that a text names, and refuses an epoch behind it.
  ///
  /// - Parameters:
  ///   - rule: What the refusal says of runs.
  ///   - place: What it is about; by default the database.
  ///   - next: What it advises, given the run and the epoch; ends in a command.
  func open(
    whole text: String, in database: LabDatabase, _ rule: String = "here a run is meant as a whole",
    where place: String? = nil,
    next: (_ run: Int64, _ epoch: Int) -> String = {
      "name the run alone; to compare the epoch with the last: lstm-lab diff \($0)@\($1) \($0)@last"
    }
  ) throws -> OpenedRun {
    let reference = try RunReference.parse(text)
    guard reference.epoch != nil else {
      return try OpenedRun(
        reference, in: database, dataFolder: dataFolder, resources: resources, tell: tell)
    }
    let opened = try OpenedRun(reference, in: database)
    throw LabError(
      .usage, "`\(Visible.line(text))` names an epoch; \(rule)", where: place ?? path,
      next: next(opened.id, opened.namedEpoch ?? 0) + option)
  }

  /// Reads a configuration file and its data, and finds them good.
  package func plan(contentsOf path: String) throws(LabError) -> TrainingPlan {
    try TrainingPlan(try Config(contentsOf: path))
  }

  /// Starts a new run of a plan. The database is created if it is missing.
  ///
  /// - Parameters:
  ///   - sweep: The place of the run in a sweep, if it belongs to one.
  ///   - database: The opened database; by default it is opened.
  ///   - threads: Those of a run that has ended; by default new ones.
  package func start(
    _ plan: TrainingPlan, of sweep: RunDescription.SweepPlace? = nil,
    in database: LabDatabase? = nil, on threads: RecordingThreads? = nil,
    resources: TrainingSession.Resources
  ) throws -> TrainingSession {
    let threads = try threads ?? RecordingThreads()
    let database = try database ?? creating()
    return try TrainingSession(
      starting: plan, of: sweep, in: database, on: threads, resources: resources)
  }

  /// Goes on with a run from the last epoch that has all that is needed.
  ///
  /// - Parameters:
  ///   - epochs: The epoch to train up to, or nil for the configuration's.
  ///   - stop: The epoch that it is going to be stopped at before, if any.
  ///   - database: The opened database; by default it is opened.
  /// - Returns: nil where the run has all its epochs already.
  package func resume(
    _ text: String, epochs: Int?, upTo stop: Int? = nil, in database: LabDatabase? = nil,
    on threads: RecordingThreads? = nil, resources: TrainingSession.Resources
  ) throws -> TrainingSession? {
    let threads = try threads ?? RecordingThreads()
    let database = try database ?? changing()
    let opened = try open(
      whole: text, in: database, "a run goes on from its last epoch", where: "resume"
    ) { run, epoch in
      "to start a new run from an earlier epoch: lstm-lab resume \(run) --from \(epoch)"
    }
    let run = opened.run
    try opened.requireOwn(
      toDo: "it is continued by the script that trained it",
      next:
        "in Keras with LabLogger(resume=\"\(run.runID)\"), in PyTorch with watch(…, resume=\"\(run.runID)\")"
    )
    var config = try opened.config
    config.training.epochs = epochs ?? config.training.epochs
    guard run.epochs <= config.training.epochs else {
      throw LabError(
        .usage, "run \(run.runID) has \(run.epochs) epochs already", where: "--epochs",
        next: "name more epochs; or start a new run from an earlier epoch: "
          + "lstm-lab resume \(run.runID) --from EPOCH --epochs \(config.training.epochs)\(option)")
    }
    // A run that was stopped early is complete too, until it is told to go on.
    if run.status == "completed", epochs == nil || run.epochs == epochs { return nil }
    if let stop, stop < run.epochs {
      throw LabError(
        .usage, "run \(run.runID) has \(run.epochs) epochs already", where: "--stop-at",
        next: "name a later epoch; or start a new run from an earlier one: "
          + "lstm-lab resume \(run.runID) --from \(stop)\(option)")
    }
    guard let epoch = try database.lastResumableEpoch(of: run.runID) else {
      throw LabError(
        .notFound, "run \(run.runID) has stored no state to resume from",
        where: path, next: "train it anew with: lstm-lab run CONFIG\(option)")
    }
    let plan = try opened.plan(config)
    let state = try opened.state(at: epoch)
    return try TrainingSession(
      resuming: run, after: state, epoch: epoch, beyondStop: epochs != nil,
      weights: { try weights(at: $0, of: opened) }, plan: plan, in: database, on: threads,
      resources: resources)
  }

  /// The weights of a run's best epoch so far; nil where it is not stored, which is told.
  private func weights(at best: Int, of opened: OpenedRun) throws -> [[Float]]? {
    guard try opened.database.epochs(of: opened.id, storing: .weights).contains(best) else {
      tell(
        "the best epoch of run \(opened.id), \(best), was lost: its last becomes its result")
      return nil
    }
    return try opened.weights(at: best)
  }

  /// Starts a new run from an epoch of another one, whose state it takes over to the bit.
  ///
  /// - Parameters:
  ///   - settings: The settings that differ from the run's, by any of their names.
  ///   - hasNewData: Whether its data may be others; they are read by what is stored with the run.
  ///   - stop: The epoch that it is going to be stopped at for now, if any.
  package func fork(
    _ text: String, from epoch: Int, epochs: Int?, changing settings: [ConfigSetting],
    hasNewData: Bool,
    upTo stop: Int? = nil, resources: TrainingSession.Resources
  ) throws -> TrainingSession {
    let threads = try RecordingThreads()
    let database = try changing()
    let reference = try RunReference.parse(text)
    let opened = try OpenedRun(
      reference, in: database, dataFolder: dataFolder, resources: self.resources, tell: tell)
    if let named = opened.namedEpoch, named != epoch {
      throw LabError(
        .usage, "`\(text)` names epoch \(named), --from epoch \(epoch)", where: "resume",
        next: "name the epoch once: \(RunReference(reference.selector)) --from \(epoch)")
    }
    let epoch = try opened.epoch(epoch)
    var config = try opened.config(changedBy: settings, hasNewData: hasNewData)
    if let trainer = opened.run.trainer {
      guard hasNewData else { throw opened.withoutSamples(toGoOnFrom: epoch) }
      tell(
        "run \(opened.id) was trained by \(trainer): what it would have become there is another path than "
          + "what becomes of it here")
    }
    config.training.epochs = epochs ?? config.training.epochs
    guard epoch <= config.training.epochs else {
      throw LabError(
        .usage, "the fork would start at epoch \(epoch) and end at \(config.training.epochs)",
        where: "--epochs", next: "name the epoch to train up to, at least \(epoch)")
    }
    if let stop, stop < epoch {
      throw LabError(
        .usage, "the fork would start at epoch \(epoch) and stop at \(stop)", where: "--stop-at",
        next: "name the epoch to stop at, at least \(epoch)")
    }
    if hasNewData, opened.run.trainer == nil {
      try config.data.requireSamples(as: opened.config.data, of: "run \(opened.id)")
    }
    let plan = try hasNewData ? opened.plan(withNewData: config) : opened.plan(config)
    if hasNewData, opened.run.trainer == nil {
      let change = DataChange(from: try database.dataParts(of: opened.id), to: plan.data.parts)
      let isFold = config.data.validation?.folds != (try opened.config).data.validation?.folds
      let others =
        isFold && !change.hasOtherSamples
        ? "another fold of its data"
        : change.parts.isEmpty ? "the same data" : "other data: \(change)"
      tell("run \(opened.id) goes on from epoch \(epoch) with \(others)")
    }
    let state =
      try opened.run.trainer == nil
      ? opened.wholeState(at: epoch) : opened.state(at: epoch, with: .weights)
    return try TrainingSession(
      forking: opened.run, at: state, epoch: epoch, before: opened.hash(before: epoch), plan: plan,
      in: database, on: threads, resources: resources)
  }
}

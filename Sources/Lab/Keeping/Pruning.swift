package import LabFormats
import LabStore

/// Weights and optimizer states that are going to be removed, of runs that stay.
package struct Pruning: Sendable {
  private let database: LabDatabase
  private let runs: [Run]

  fileprivate struct Run: Sendable {
    let pruning: StoredPruning
    let epochs: Int
    let bytes: Double
  }

  fileprivate init(
    _ choice: RunChoice, _ request: PruneRequest, in laboratory: Laboratory
  ) throws {
    let database = try laboratory.changing()
    self.database = database
    runs = try laboratory.runs(of: choice, in: database).map { run in
      guard run.status != "running" else {
        throw LabError(
          .busy, "run \(run.runID) is being trained", where: laboratory.path,
          next: "wait for it, or stop it first; nothing was pruned")
      }
      return try Run(of: laboratory.open("\(run.runID)", in: database), request)
    }
  }

  /// What falls away, a row a run.
  package var table: Table {
    Table(
      columns: [
        .init("run_id", .integer), .init("name", .text), .init("epochs", .integer),
        .init("weights", .integer), .init("optimizer", .integer), .init("bytes", .integer),
      ],
      rows: runs.map { run in
        [
          .integer(Int(run.pruning.run.runID)), .text(run.pruning.run.name), .integer(run.epochs),
          .integer(run.pruning.weights.count), .integer(run.pruning.optimizer.count),
          .integer(Int(run.bytes)),
        ]
      })
  }

  /// Whether nothing falls away.
  package var isEmpty: Bool {
    runs.allSatisfy { $0.pruning.weights.isEmpty && $0.pruning.optimizer.isEmpty }
  }

  /// What falls away, in a sentence.
  package var summary: String {
    func count(_ number: Int, _ what: String) -> String {
      "\(NumberText.count(number)) \(what)\(number == 1 ? "" : "s")"
    }
    let weights = runs.reduce(0) { $0 + $1.pruning.weights.count }
    let optimizer = runs.reduce(0) { $0 + $1.pruning.optimizer.count }
    return "the weights of \(count(weights, "epoch")) and the optimizer states of "
      + "\(count(optimizer, "epoch")), about \(NumberText.bytes(runs.reduce(0) { $0 + $1.bytes })), of "
      + count(runs.count, "run")
  }

  /// Removes them, of all the runs or of none.
  ///
  /// - Parameter shrinks: Whether the file gives the space back to the disk.
  package func carryOut(shrinks: Bool) throws {
    try database.prune(runs.map(\.pruning).filter { !$0.weights.isEmpty || !$0.optimizer.isEmpty })
    if shrinks { try database.shrink() }
    try database.close()
  }
}

extension Pruning.Run {
  /// Chooses what falls away of a run, and finds that it can be trained again.
  init(of opened: OpenedRun, _ request: PruneRequest) throws {
    let stored = try opened.database.recordings(of: opened.id)
    let kept = try opened.epochsThatStay()
    func falls(_ epoch: Int, by rule: PruneRule?) -> Bool {
      guard let rule else { return false }
      return !kept.contains(epoch) && !rule.keeps(epoch)
    }
    let weights = stored.filter { $0.weights > 0 && falls($0.epoch, by: request.weights) }
    // An optimizer's state is good for nothing without the weights that it belongs to.
    let gone = Set(weights.map(\.epoch))
    let optimizer = stored.filter {
      $0.slots > 0 && (gone.contains($0.epoch) || falls($0.epoch, by: request.optimizer))
    }
    pruning = StoredPruning(
      opened.run, weights: weights.map(\.epoch), optimizer: optimizer.map(\.epoch))
    epochs = opened.run.epochs
    let sets =
      weights.reduce(0) { $0 + $1.weights } + optimizer.reduce(0) { $0 + $1.slots }
    bytes = 4 * Double(opened.run.parameters) * Double(sets)
    let all = gone.union(optimizer.map(\.epoch))
    if !request.isForced, let first = all.min() {
      try opened.requireTrainable(from: first, without: all)
    }
  }
}

extension OpenedRun {
  /// The epochs that keep all they have: the first, the best, also of what early stopping follows, the result,
  /// the last, and the last that can be resumed.
  fileprivate func epochsThatStay() throws -> Set<Int> {
    guard let bounds = try database.bounds(of: id) else { return [] }
    let state = try TrainingState(json: bounds.lastState, place: place(of: run.epochs))
    let epochs: [Int?] = [
      bounds.first, run.bestEpoch, state.controls.best?.epoch, run.resultEpoch, run.epochs,
      try database.lastResumableEpoch(of: id),
    ]
    return Set(epochs.compactMap(\.self))
  }

  /// Refuses a run whose epochs could not be trained again once some have fallen away.
  fileprivate func requireTrainable(from first: Int, without epochs: Set<Int>) throws {
    let states = try database.epochs(of: id, storing: .resumable)
    let forced = "; to prune it all the same: --force"
    if let trainer = run.trainer {
      throw LabError(
        .data, "run \(id) could not be trained again: \(trainer) trained it", where: place,
        next: "leave the run out\(forced)")
    }
    guard states.contains(where: { $0 <= first && !epochs.contains($0) }) else {
      throw LabError(
        .data, "run \(id) could not be trained again: no state is stored before epoch \(first)",
        where: place, next: "leave the run out\(forced)")
    }
    do {
      _ = try plan(config)
    } catch let error as LabError {
      throw LabError(
        error.kind, "run \(id) could not be trained again: \(error.what)", where: error.where,
        next: error.next + forced)
    }
  }
}

extension Laboratory {
  /// Finds the weights and optimizer states that are to be removed; removes nothing yet.
  ///
  /// - Throws: `LabError` of kind `busy` where a run is being trained; of others where one could not be trained
  ///   again, unless that is forced.
  package func pruning(of choice: RunChoice, _ request: PruneRequest) throws -> Pruning {
    try Pruning(choice, request, in: self)
  }
}

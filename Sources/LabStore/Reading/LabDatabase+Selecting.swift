import GRDB
import LabFormats

extension LabDatabase {
  /// The id of the run a reference names.
  package func find(_ reference: RunReference) throws -> Int64 { try choose(reference).run }

  /// The run a reference names, and where that is a best one, its best epoch.
  package func choose(_ reference: RunReference) throws -> (run: Int64, best: ChosenEpoch?) {
    try read { db in
      switch reference.selector {
      case .last:
        let run: Int64? = try db.value(
          "id", of: "run", "a run", "SELECT max(id) AS id FROM run")
        guard let run else { throw noRuns() }
        return (run, nil)
      case .best(let metric):
        let found = try metric.map { try best($0, db) } ?? best(db)
        let name = RunReference(reference.selector).description
        let text = "\(name) is run \(found.run), epoch \(found.epoch.epoch): \(found.epoch.reason)"
        return (found.run, ChosenEpoch(epoch: found.epoch.epoch, reason: text))
      case .named(let name): return (try named(name, db), nil)
      }
    }
  }

  /// The epoch a reference names; unless it names one, that of the run's result, or the last one.
  ///
  /// - Returns: The epoch, and why it is that one where a word named it.
  package func epoch(of reference: RunReference, in run: Int64) throws -> ChosenEpoch {
    try read { db in
      var number: Int?
      switch reference.epoch {
      case .number(let named): number = named
      case .last:
        number = try last(of: run, db)
      case .best(let metric):
        let best = try metric.map { try bestEpoch($0, of: run, db) } ?? bestEpoch(of: run, db)
        let text = "run \(run)@\(RunReference.Epoch.best(metric: metric)) is epoch \(best.epoch): "
        return ChosenEpoch(epoch: best.epoch, reason: text + best.reason)
      case .result, nil: break
      }
      return ChosenEpoch(epoch: try stored(number, of: run, db), reason: "")
    }
  }

  /// Returns an epoch if the run has it; of nil that of its result, or the last one.
  private func stored(_ number: Int?, of run: Int64, _ db: Database) throws -> Int {
    let epoch: Int? = try db.value(
      "epoch", of: "epoch", "run \(run)",
      """
      SELECT max(epoch) AS epoch FROM epoch WHERE run_id = :run AND epoch = coalesce(
        :epoch, (SELECT result_epoch FROM run WHERE id = :run), epoch)
      """, ["run": run, "epoch": number])
    if let epoch { return epoch }
    let last = try last(of: run, db)
    throw LabError(
      .notFound, "run \(run) has no epoch \(number ?? 0)", where: path,
      next: "its last is \(last ?? 0); list them with: lstm-lab show \(run) --all\(option)")
  }

  private func last(of run: Int64, _ db: Database) throws -> Int? {
    try db.value(
      "epoch", of: "epoch", "run \(run)",
      "SELECT max(epoch) AS epoch FROM epoch WHERE run_id = ?", [run])
  }

  /// An id comes before a name, and a name before the beginning of a uuid.
  private func named(_ name: String, _ db: Database) throws -> Int64 {
    let questions = [
      "SELECT id FROM run WHERE CAST(id AS TEXT) = :name",
      "SELECT id FROM run WHERE name = :name ORDER BY id",
      """
      SELECT id FROM run WHERE length(:name) >= 4 AND substr(uuid, 1, length(:name)) = lower(:name)
      ORDER BY id
      """,
    ]
    for question in questions {
      let found: [Int64] = try db.values(
        "id", of: "run", "a run", question, ["name": name])
      if found.count == 1 { return found[0] }
      if found.count > 1 { throw ambiguous(name, found) }
    }
    throw try unknown(name, db)
  }

  func noRuns() -> LabError {
    LabError(
      .notFound, "the database has no runs", where: path,
      next: "train one with: lstm-lab run CONFIG\(option)")
  }

  private func ambiguous(_ name: String, _ runs: [Int64]) -> LabError {
    let shown = runs.suffix(8).map(String.init).joined(separator: ", ")
    return LabError(
      .notFound, "\(runs.count) runs are named \(name)", where: path,
      next: "choose one by its number: \(runs.count > 8 ? "…, " : "")\(shown)")
  }

  private func uuid(startingWith name: String, _ db: Database) throws -> String? {
    try db.value(
      "uuid", of: "run", "a run",
      "SELECT uuid FROM run WHERE substr(uuid, 1, length(:name)) = lower(:name) ORDER BY id",
      ["name": name])
  }

  private func unknown(_ name: String, _ db: Database) throws -> LabError {
    if let sign = name.unicodeScalars.lastIndex(of: "@") {
      return RunReference.noEpoch(name, after: sign)
    }
    let known: [String] = try db.values(
      "name", of: "run", "a run",
      "SELECT name FROM run GROUP BY name ORDER BY max(id) DESC LIMIT 1000")
    if name.count < 4, let uuid = try uuid(startingWith: name, db) {
      return LabError(
        .notFound, "there is no run \(name)", where: path,
        next:
          "give at least 4 characters of a uuid, such as \(uuid.prefix(4)); list the runs with: "
          + "lstm-lab runs\(option)")
    }
    let near = Suggestion.several(for: name, among: known)
    return LabError(
      .notFound, "there is no run \(name)", where: path,
      next: "\(near)list the runs with: lstm-lab runs\(option)")
  }
}

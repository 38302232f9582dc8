import Foundation
import GRDB
import LabFormats

/// Takes the runs of other databases into one, each database in a transaction of its own.
///
/// A run is the same where its uuid is. What is here is never overwritten: a run that is longer elsewhere
/// gets its later epochs, one with other hashes is left as it is.
package final class Merger {
  private let database: LabDatabase
  private let isDryRun: Bool
  private let lock: FileLock
  private var place: DatabasePlace
  private let log = WriteAheadLog()

  /// Prepares a database to take runs in.
  ///
  /// - Parameters:
  ///   - database: Opened to be written.
  ///   - isDryRun: Whether everything is rolled back.
  package init(into database: LabDatabase, isDryRun: Bool) throws {
    self.database = database
    self.isDryRun = isDryRun
    lock = try FileLock(beside: database.path)
    place = database.place
    // A run's rows come before the run itself.
    try database.connection.inDatabase { db in
      try db.execute(sql: "PRAGMA foreign_keys = OFF")
      log.watch(db)
    }
  }

  /// Takes in the runs of a database, in the order of their numbers.
  ///
  /// - Parameter chosen: The uuids of the only runs to take; nil for all.
  /// - Throws: `LabError` where it is no database of ours, or damaged; then nothing of it is taken in.
  package func merge(_ path: String, only chosen: Set<String>? = nil) throws -> [MergedRun] {
    let path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    guard path != database.path else {
      throw LabError(
        .usage, "the database is to be merged into itself", where: path,
        next: "name the other databases")
    }
    let source = try MergeSource(path, only: chosen)
    return try LabError.translated(at: path, isOpen: true) {
      try unchanged(source) ?? take(source)
    }
  }

  /// Closes the database, and empties its log.
  package func close() throws { try database.close() }

  /// What there is to say of a database all of whose runs are here, or more; nil of any other.
  ///
  /// Each hash stands for all epochs before it, so that one a run tells.
  private func unchanged(_ source: MergeSource) throws -> [MergedRun]? {
    try database.connection.read { db in
      var merged: [MergedRun] = []
      for run in source.runs {
        let here = try db.row(
          of: "epoch", "a run",
          """
          SELECT r.id AS id, r.outcome AS outcome, p.last_epoch AS last, e.hash AS hash
          FROM run AS r JOIN progress AS p ON p.run_id = r.id
          JOIN epoch AS e ON e.run_id = r.id AND e.epoch = ? WHERE r.uuid = ?
          """, [run.last.epoch, run.uuid]
        ) { row in
          (
            id: try row["id"] as Int64, isEnded: try (row["outcome"] as String?) != nil,
            last: try row["last"] as Int, hash: try row["hash"] as Data
          )
        }
        guard let here, here.hash == run.last.hash,
          here.last > run.last.epoch || here.isEnded || !run.isEnded
        else { return nil }
        merged.append(
          MergedRun(
            run: here.id, name: run.name, uuid: run.uuid, epochs: run.last.epoch,
            change: .unchanged))
      }
      return merged
    }
  }

  private func take(_ source: MergeSource) throws -> [MergedRun] {
    try lock.acquireCommit(patience: LabDatabase.patience)
    defer { lock.release(.commit) }
    try place.require()
    return try database.connection.inDatabase { db in
      let isComplete = try source.attach(to: db)
      defer { try? db.execute(sql: "DETACH shard") }
      guard isComplete else { throw LabError.changing(source.path) }
      try db.execute(sql: "BEGIN IMMEDIATE")
      do {
        let merged = try takeRuns(of: source, db)
        guard source.isUnchanged else { throw LabError.changing(source.path) }
        try db.execute(sql: isDryRun ? "ROLLBACK" : "COMMIT")
        if log.isDue { try log.checkpoint(db, &place, lock) }
        return merged
      } catch {
        if db.isInsideTransaction { try? db.execute(sql: "ROLLBACK") }
        throw error
      }
    }
  }

  private func takeRuns(of source: MergeSource, _ db: Database) throws -> [MergedRun] {
    let runs = try db.rows(
      of: "run", "a run",
      """
      SELECT s.id AS id, s.uuid AS uuid, s.name AS name, s.outcome AS outcome, m.id AS here,
        m.outcome AS outcome_here,
        (SELECT max(epoch) FROM shard.epoch WHERE run_id = s.id) AS last,
        (SELECT max(epoch) FROM main.epoch WHERE run_id = m.id) AS last_here
      FROM shard.run AS s LEFT JOIN main.run AS m ON m.uuid = s.uuid ORDER BY s.id
      """, []
    ) { row in
      MergedRunSource(
        id: try row["id"], uuid: try row["uuid"], name: try row["name"],
        isEnded: try (row["outcome"] as String?) != nil, last: try row["last"] ?? 0,
        here: try row["here"], isEndedHere: try (row["outcome_here"] as String?) != nil,
        lastHere: try row["last_here"])
    }
    let copy = try RunCopy(db)
    let merged = try runs.filter { source.isChosen($0.uuid) }.map { run in
      let change = try take(run, copy, db)
      return MergedRun(
        run: change.here, name: run.name, uuid: run.uuid, epochs: run.last, change: change.change)
    }
    if merged.contains(where: { $0.change != .unchanged }) { try copy.finish() }
    return merged
  }

  private func take(
    _ run: MergedRunSource, _ copy: RunCopy, _ db: Database
  ) throws -> (here: Int64?, change: MergedRun.Change) {
    guard let here = run.here else {
      return (try copy.add(run.id), .added)
    }
    let other: Int? = try db.value(
      "epoch", of: "epoch", "run \(run.id)",
      """
      SELECT min(s.epoch) AS epoch FROM shard.epoch AS s
      JOIN main.epoch AS m ON m.run_id = ? AND m.epoch = s.epoch
      WHERE s.run_id = ? AND s.hash <> m.hash
      """, [here, run.id])
    if let other { return (here, .differs(from: other)) }
    let isLonger = run.last > run.lastHere ?? -1
    guard isLonger || run.last == run.lastHere && run.isEnded && !run.isEndedHere else {
      return (here, .unchanged)
    }
    guard try lock.tryAcquire(.run(here)) else { return (here, .busy) }
    defer { lock.release(.run(here)) }
    try copy.extend(here, from: run.id)
    return (here, isLonger ? .extended(from: run.lastHere ?? 0) : .ended)
  }
}

/// A run of the other database, and the run here that it is.
private struct MergedRunSource {
  let id: Int64
  let uuid, name: String
  let isEnded: Bool
  /// The last epoch there.
  let last: Int
  let here: Int64?
  let isEndedHere: Bool
  let lastHere: Int?
}

extension LabError {
  /// Something wrote to a database while it was read.
  fileprivate static func changing(_ path: String) -> LabError {
    LabError(
      .busy, "another process has begun to write to the database", where: path,
      next: "nothing of it was taken in; try again")
  }
}

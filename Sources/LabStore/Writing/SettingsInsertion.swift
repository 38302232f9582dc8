import Foundation
import GRDB

/// Stores what a run was set to: when the run is created, and once for each run that an older
/// version has left; the transaction has begun.
struct SettingsInsertion {
  let db: Database
  let run: Int64
  let settings: RunSettings

  /// Stores the hashes, the settings, and which layers are frozen; run and tensors are there.
  func insert(initialHash: String?) throws {
    try db.cachedStatement(sql: "UPDATE run SET settings_hash = ?, initial_hash = ? WHERE id = ?")
      .execute(arguments: [settings.hash, initialHash, run])
    let insertion = try db.cachedStatement(
      sql: "INSERT INTO setting (run_id, path, value) VALUES (?, ?, ?)")
    for (path, value) in settings.entries {
      try insertion.execute(arguments: [run, path, value])
    }
    for layer in settings.frozenLayers {
      try db.cachedStatement(sql: "UPDATE tensor SET trainable = 0 WHERE run_id = ? AND layer = ?")
        .execute(arguments: [run, layer])
    }
  }

  /// Stores the settings of every run of a database that has just got the tables for them.
  ///
  /// A configuration that cannot be read, which only a damaged database has, gets none: all other
  /// runs can still be read.
  static func insertAll(into db: Database, beforeEach: () throws -> Void) throws {
    let runs: [Int64] = try db.values("id", of: "run", "a run", "SELECT id FROM run ORDER BY id")
    for run in runs {
      try beforeEach()
      let read = try? db.row(
        of: "run", "run \(run)", "SELECT config, parent_epoch FROM run WHERE id = ?", [run]
      ) { (try RunSettings(config: $0["config"]), try $0["parent_epoch"] as Int?) }
      guard let (settings, parentEpoch) = read else { continue }
      let hash = try settings.initialHash(
        of: storedWeights(of: run, at: parentEpoch ?? 0, db).map { [$0] },
        isFork: parentEpoch != nil)
      try SettingsInsertion(db: db, run: run, settings: settings).insert(initialHash: hash)
    }
  }

  /// The weights of an epoch end to end, if they are there whole.
  private static func storedWeights(of run: Int64, at epoch: Int, _ db: Database) throws -> Data? {
    let stored = EpochReader(db: db, run: run, tensors: [], epoch: epoch)
    let length: Double? = try db.value(
      "length", of: "tensor", "run \(run)",
      "SELECT total(4.0 * rows * cols) AS length FROM tensor WHERE run_id = ?", [run])
    guard let weights = try stored.bytes(.weights, ""), Double(weights.count) == length else {
      return nil
    }
    return weights
  }
}

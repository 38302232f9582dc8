import Foundation
import GRDB
import LabFormats

/// A change of what describes a run; nothing that was trained changes, nor any hash.
package enum RunEdit: Equatable, Sendable {
  /// Other words that the run is found by: those added stand last, each once.
  case tags(adding: [String], removing: [String])
  /// Another name.
  case name(String)
  /// Other remarks; nil for none.
  case notes(String?)
}

extension LabDatabase {
  /// Changes what describes some runs, of all of them or of none.
  ///
  /// A run may be trained meanwhile by another process.
  /// - Throws: `LabError` of kind `notFound` where a run has gone, and what writing throws.
  package func edit(_ runs: [Int64], _ edit: RunEdit) throws {
    try withCommitLock {
      try connection.write { db in
        for run in runs {
          let (column, value) = try Self.change(run, edit, db)
          try db.execute(
            sql: "UPDATE run SET \(column) = ? WHERE id = ?", arguments: [value, run])
          guard db.changesCount == 1 else { throw missingRun(String(run)) }
        }
      }
    }
  }

  private static func change(
    _ run: Int64, _ edit: RunEdit, _ db: Database
  ) throws -> (column: String, value: String?) {
    switch edit {
    case .name(let name): return ("name", name)
    case .notes(let notes): return ("notes", notes)
    case .tags(let added, let removed):
      let text: String? = try db.value(
        "tags", of: "run", "run \(run)", "SELECT tags FROM run WHERE id = ?", [run])
      let tags = StoredRun.tags(text ?? "[]", adding: added, removing: removed)
      return ("tags", try String(decoding: JSONEncoder().encode(tags), as: UTF8.self))
    }
  }

  /// Removes runs with everything that is stored of them, all of them or none; forks of theirs stay.
  ///
  /// - Throws: `LabError` of kind `busy` where one is being trained.
  package func delete(_ runs: [Int64]) throws {
    let lock = try FileLock(beside: path)
    for run in runs {
      guard try lock.tryAcquire(.run(run)) else { throw LabError.beingTrained(run, path) }
    }
    try withCommitLock {
      try connection.write { db in
        for run in runs {
          try db.execute(sql: "DELETE FROM run WHERE id = ?", arguments: [run])
          guard db.changesCount == 1 else { throw missingRun(String(run)) }
        }
      }
    }
  }

  /// Gives the space of what was removed back to the disk, which takes as much free space for a while.
  package func shrink() throws {
    try withCommitLock { try connection.inDatabase { try $0.execute(sql: "VACUUM") } }
  }

  /// What falls away with a run: the number of its stored epochs, the bytes of their weights and optimizer
  /// states, roughly, and the forks that lose their parent.
  package func extent(of run: Int64) throws -> (epochs: Int, bytes: Double, forks: [Int64]) {
    try read { db in
      let epochs: Int? = try db.value(
        "n", of: "epoch", "run \(run)",
        "SELECT count(*) AS n FROM epoch WHERE run_id = ?", [run])
      let bytes: Double? = try db.value(
        "bytes", of: "run", "run \(run)",
        """
        SELECT 4.0 * parameters * (SELECT count(*) FROM recording
          WHERE run_id = run.id AND part IN ('weights', 'optimizer')) AS bytes
        FROM run WHERE id = ?
        """, [run])
      let forks: [Int64] = try db.values(
        "id", of: "run", "run \(run)", "SELECT id FROM run WHERE parent_run_id = ? ORDER BY id",
        [run])
      return (epochs ?? 0, bytes ?? 0, forks)
    }
  }
}

extension StoredRun {
  /// The tags that a JSON array of strings names, none where it is no such array, with some added at the
  /// end, each once, and others taken away.
  package static func tags(
    _ json: String, adding added: [String] = [], removing removed: [String] = []
  ) -> [String] {
    let before = (try? JSONDecoder().decode([String].self, from: Data(json.utf8))) ?? []
    return added.reduce(into: before.filter { !removed.contains($0) }) { tags, tag in
      if !tags.contains(tag) { tags.append(tag) }
    }
  }
}

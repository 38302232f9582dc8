import Foundation
import GRDB
import LabFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What happens when others take the database away, or put something else in its place, while a run
/// is recorded: nothing more is written to what stands there now, and what there is is saved.
extension EpochCommitter {
  /// How long a saving waits for readers of the file's old name, in milliseconds.
  private static let patience = 3_000

  /// What has become of the database; the caller holds the commit lock.
  mutating func findLoss() -> DatabasePlace.Loss? {
    if let loss = place.loss { return loss }
    let overwritten = DatabasePlace.Loss(kind: .overwritten, whereabouts: nil)
    if place.doubt == .harmed { return overwritten }
    let change = place.change(lock)
    switch place.doubt == nil ? change : .byCheckpoint {
    case .none: return nil
    case .byCheckpoint:
      // A shell has written; where something else has, too, the pages do not fit each other.
      let note = place.present
      guard isSound() else { return overwritten }
      place.accept(note, lock)
      return nil
    case .byOthers: return overwritten
    }
  }

  /// Whether the log and the file in its place are the database that was recorded into, whoever has
  /// written there.
  private func isSound() -> Bool {
    do {
      guard try DatabaseFile.inspect(path) == .ours else { return false }
      let fresh = try Connection.reading(path)
      defer { try? fresh.close() }
      return try fresh.read { db in
        guard try Self.holds(run, lastEpoch, lastHash, in: db) || isDeleted(in: db) else {
          return false
        }
        return try Scrutiny.isConsistent(db)
      }
    } catch let error as DatabaseError {
      return ![.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR].contains(error.resultCode)
    } catch {
      return true
    }
  }

  /// Whether the run is gone, and others have committed since this process did: then they have deleted it.
  /// Whoever puts another file's bytes in the place of these commits nothing.
  private func isDeleted(in db: Database) throws -> Bool {
    guard let run, let version, let writing else { return false }
    let isThere = try Bool.fetchOne(
      db, sql: "SELECT EXISTS (SELECT 1 FROM run WHERE id = ?)", arguments: [run])
    guard isThere == false else { return false }
    return try writing.connection.inDatabase { try Self.version(of: $0) } != version
  }

  /// A number that changes with what other connections commit.
  static func version(of db: Database) throws -> Int? {
    try Int.fetchOne(db, sql: "PRAGMA data_version")
  }

  private static func holds(
    _ run: Int64?, _ epoch: Int?, _ hash: [UInt8]?, in db: Database
  ) throws -> Bool {
    guard let run, let epoch, let hash else { return true }
    let stored = try Data.fetchOne(
      db, sql: "SELECT hash FROM epoch WHERE run_id = ? AND epoch = ?", arguments: [run, epoch])
    return stored == Data(hash)
  }

  /// What a transaction was to store when the database was found missing.
  struct Unstored {
    var records: [EpochRecord] = []
    var ending: RunEnding?
    /// Whether it was stored before that; then it is needed only where the database cannot be saved.
    var isInDatabase = false

    var isEmpty: Bool { isInDatabase || records.isEmpty && ending == nil }
  }

  /// Saves what is there, and returns the error that says what happened and where the run is now.
  ///
  /// - Parameter isEnded: Whether training is over; then there is nothing to go on with.
  mutating func rescue(
    _ unstored: Unstored, isEnded: Bool, from loss: DatabasePlace.Loss
  ) -> LabError {
    isLost = true
    let during = run.map { "run \($0) was being stored" } ?? "a run was being stored"
    var error = LabError.lost(path, loss.kind, during: during, next: "")
    do {
      let (home, run) = try save(unstored, from: loss, because: error)
      error.next =
        "it is saved in \(home); \(isEnded ? "see it" : "go on") with: "
        + "lstm-lab \(isEnded ? "show" : "resume") \(run) --db \(ShellWord.quoted(home))"
    } catch let failure {
      let reason = (failure as? LabError)?.what ?? String(describing: failure)
      error.next = "what was not stored cannot be saved: \(reason)"
    }
    return error
  }

  private mutating func save(
    _ unstored: Unstored, from loss: DatabasePlace.Loss, because error: LabError
  ) throws -> (home: String, run: Int64) {
    if loss.kind == .overwritten {
      // As long as what is new is in the log, what was overwritten may not be missed.
      defer { place.removeLog(keepsPages: true) }
      let home = try (try? restored()) ?? (isSound() ? copy() : freshPath())
      return (home, try store(unstored, in: home, because: error))
    }
    if loss.kind == .cut {
      // The file has what was moved into it before; what was in the log alone is nowhere.
      defer { place.removeLog(keepsPages: true) }
      let home = try freshPath()
      return (home, try store(unstored, in: home, because: error))
    }
    if let home = loss.whereabouts, try saveInPlace(unstored, at: home, because: error), let run {
      return (home, run)
    }
    // With a log that is cut as well there is nothing to copy.
    let home = try (try? copy()) ?? freshPath()
    let saved = try store(unstored, in: home, because: error)
    place.removeLog(keepsPages: false)
    return (home, saved)
  }

  /// Stores what was not stored in the file under its new name, as long as nobody has opened it there:
  /// then its old log is its only one.
  ///
  /// - Returns: Whether the file alone holds everything now.
  private mutating func saveInPlace(
    _ unstored: Unstored, at home: String, because error: LabError
  ) throws -> Bool {
    let log = DatabasePlace.status(home + "-wal")
    // With its folder the log and the lock have moved as well.
    let hasMovedWhole = log.map(FileHeader.Identity.init) == place.log
    var lockThere: FileLock?
    if !hasMovedWhole {
      guard log?.st_size ?? 0 == 0 else { return false }
      lockThere = try FileLock(beside: home)
      try lockThere?.acquireCommit(patience: Lease.renewal)
    }
    defer { lockThere?.release(.commit) }
    writing = writing ?? WritingConnection(lent: database.connection)
    if !unstored.isEmpty {
      let transaction = transaction(unstored.records, unstored.ending)
      adopt(try LabError.translated(at: path) { try execute(transaction) }, unstored.records)
    }
    let isWhole = try database.connection.inDatabase { [run] db in
      if let run { try Self.markFailed(run, error, db) }
      try db.execute(sql: "PRAGMA busy_timeout = \(Self.patience)")
      return try Int.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)") == 0
    }
    if isWhole, !hasMovedWhole { place.removeLog(keepsPages: false) }
    return isWhole
  }

  /// Copies the whole database, which this process still has open, to a name beside the old one.
  private func copy() throws -> String {
    try publish { draft in
      try database.connection.inDatabase {
        try $0.execute(sql: "VACUUM INTO ?", arguments: [draft])
      }
    }
  }

  /// Puts the database together of its file and its log, which still has what was moved out of it last.
  private func restored() throws -> String {
    try publish { draft in
      let isWhole =
        try RestoredFile.write(path, to: draft)
        && Connection.glance(draft) { db in
          try Self.holds(run, lastEpoch, lastHash, in: db) && Scrutiny.isConsistent(db)
        }
      guard isWhole else { throw LabError.corrupt(draft, reason: "pages are missing") }
    }
  }

  /// Puts a database at a name beside the old one; `make` writes it into an empty draft.
  ///
  /// One that another writer of the same database has just put there serves as well.
  private func publish(_ make: (_ draft: String) throws -> Void) throws -> String {
    let home = try freePath(where: { path in
      if !FileManager.default.fileExists(atPath: path) { return true }
      let other = try? LabDatabase(path: path, access: .readOnly)
      return (try? other?.read { try run != nil && Self.holds(run, lastEpoch, lastHash, in: $0) })
        ?? false
    })
    guard !FileManager.default.fileExists(atPath: home) else { return home }
    // As a draft it is whole under its name or not at all; who is killed leaves one that is removed.
    let lock = try FileLock(beside: home)
    try lock.acquireCommit(patience: Lease.renewal)
    defer { lock.release(.commit) }
    let draft = try DatabaseFile.reserveDraft(of: home)
    do {
      try LabError.translated(at: home) { try make(draft) }
      try DatabaseFile.synchronise(draft)
      guard unsafe rename(draft, home) == 0 else {
        throw LabError.cannotCreate(home, reason: FileLock.reason(errno))
      }
    } catch {
      DatabaseFile.remove(draft)
      throw error
    }
    return home
  }

  private func freshPath() throws -> String {
    try freePath(where: { !FileManager.default.fileExists(atPath: $0) })
  }

  /// A path for what is saved: beside the database, or among the temporary files if its folder is gone.
  private func freePath(where isSuitable: (String) -> Bool) throws -> String {
    let old = URL(fileURLWithPath: path)
    let name = old.deletingPathExtension().lastPathComponent
    for folder in [old.deletingLastPathComponent(), FileManager.default.temporaryDirectory] {
      guard unsafe access(folder.path, W_OK) == 0 else { continue }
      for number in 1...99 {
        let suffix = number == 1 ? "" : "-\(number)"
        let path = folder.appending(path: "\(name)-rescued\(suffix).db").path
        if isSuitable(path) { return path }
      }
    }
    throw LabError.cannotCreate(path, reason: "its folder cannot be written")
  }

  /// Adds what was not stored to a copy, or makes a new database of what is in memory.
  private func store(
    _ unstored: Unstored, in home: String, because error: LabError
  ) throws -> Int64 {
    let isCopy = FileManager.default.fileExists(atPath: home)
    let database = try LabDatabase(path: home, access: .readWrite(creatingIfMissing: !isCopy))
    defer { try? database.close() }
    var committer = EpochCommitter(self, in: database, lock: try FileLock(beside: home))
    if !isCopy { try committer.startAnew(with: unstored.records) }
    if !isCopy || !unstored.isEmpty {
      try committer.commit(unstored.records, ending: unstored.ending)
    }
    guard let run = committer.run else { throw LabError.missing(home) }
    if unstored.ending == nil { committer.abandon(after: error) }
    return run
  }

  /// Begins a run anew with the epochs that are still in memory, where everything before is gone.
  private mutating func startAnew(with records: [EpochRecord]) throws {
    guard var description, records.contains(where: { $0.weights != nil && $0.optimizer != nil })
    else { throw LabError(.inputOutput, "no whole epoch is left in memory") }
    description.parent = nil
    start = .new(description, uuid: UUID().uuidString.lowercased())
    (run, lastEpoch, lastHash) = (nil, nil, nil)
  }
}

import GRDB
import LabFormats

/// A look at a database that something else may have written to.
enum Scrutiny {
  /// How long it is looked at.
  private static let patience = Duration.seconds(20)

  /// Looks at every page; a database too large to be looked at in time passes.
  static func isConsistent(_ db: Database) throws -> Bool {
    do {
      return try Deadline(.now + patience).limit(db) {
        try String.fetchOne(db, sql: "PRAGMA quick_check(1)") == "ok"
      }
    } catch let error as DatabaseError where error.resultCode == .SQLITE_INTERRUPT {
      return true
    }
  }

  /// Refuses a log that nobody uses and whose pages do not fit the file: a process was killed, and then
  /// another file was copied over its database.
  ///
  /// SQLite would take such a log for the new file's. A log in use is watched by those who use it. A file
  /// that has changed since the last note proves nothing: its pages were moved when the process was killed.
  static func requireFittingLog(_ path: String) throws {
    guard Connection.hasLog(path), !DatabasePlace.isIndexUsed(path),
      let note = FileLock.note(beside: path), let present = LockNote(path, after: note),
      note.log == present.log, !note.isOfSameFile(as: present), !DatabasePlace.isIndexUsed(path)
    else { return }
    do {
      if try Connection.reading(path).read(isConsistent) { return }
    } catch let error as DatabaseError {
      let damages: [ResultCode] = [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR]
      guard damages.contains(error.resultCode) else { return }
    }
    throw LabError.foreignLog(path, away: DatabaseFile.freeLogName(path))
  }
}

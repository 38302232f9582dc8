import Foundation
import GRDB
import GRDBSQLite
import LabFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension LabDatabase {
  /// Copies the database as it is at one moment, while others may write, and checks the copy.
  ///
  /// The pages are copied in one go, so that no writer can make it begin anew. The copy takes its place
  /// whole, after it is on disk; a file that is there is never replaced.
  ///
  /// - Returns: The runs and the bytes of the copy.
  /// - Throws: `LabError` of kind `cannotCreate` where a file is there, `data` where the database is damaged.
  package func backUp(to target: String) throws -> (runs: Int, bytes: Int) {
    let target = URL(fileURLWithPath: target).path
    guard try DatabasePlace.found(target) == nil else { throw LabError.exists(target) }
    try DatabaseFile.requireReachable(target)
    let draft = try DatabaseFile.reserveDraft(of: target)
    defer { DatabaseFile.remove(draft) }
    let runs = try LabError.translated(at: target) { try copy(to: draft) }
    try DatabaseFile.synchronise(draft)
    try Self.place(draft, at: target)
    FileBytes.syncFolder(of: target)
    return (runs, DatabasePlace.size(target))
  }

  /// Gives a file its name, which nothing else may have.
  private static func place(_ draft: String, at target: String) throws {
    if unsafe link(draft, target) == 0 { return }
    switch errno {
    case EEXIST: throw LabError.exists(target)
    case EPERM, ENOTSUP, EOPNOTSUPP:
      // A file system without links.
      guard try DatabasePlace.found(target) == nil else { throw LabError.exists(target) }
      if unsafe rename(draft, target) == 0 { return }
    default: break
    }
    throw LabError.cannotCreate(target, reason: FileLock.reason(errno))
  }

  /// Copies every page to a file, and checks what has come there; returns the number of runs.
  private func copy(to draft: String) throws -> Int {
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let copy = try Connection(draft, configuration)
    defer { try? copy.close() }
    return try copy.inDatabase { target in
      try target.execute(sql: "PRAGMA synchronous = OFF")
      try connection.inDatabase { source in
        let backup = unsafe sqlite3_backup_init(
          target.sqliteConnection, "main", source.sqliteConnection, "main")
        let code = unsafe sqlite3_backup_step(backup, -1)
        let end = unsafe sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE, end == SQLITE_OK else {
          let failure = code == SQLITE_DONE ? end : code
          throw DatabaseError(resultCode: ResultCode(rawValue: failure))
        }
      }
      let found = try String.fetchAll(target, sql: "PRAGMA quick_check(1)")
      guard found == ["ok"] else {
        throw LabError.corrupt(path, reason: found.first ?? "its pages cannot be read")
      }
      return try Int.fetchOne(target, sql: "SELECT count(*) FROM run") ?? 0
    }
  }
}

extension LabError {
  /// A file in the place of one that is to be made.
  fileprivate static func exists(_ path: String) -> LabError {
    LabError(
      .cannotCreate, "there is a file already, and a backup replaces none", where: path,
      next: "name another file")
  }
}

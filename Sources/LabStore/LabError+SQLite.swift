import GRDB
package import LabFormats

extension LabError {
  /// Translates any error of SQLite; errors of other origin pass through unchanged.
  ///
  /// - Parameter isOpen: Whether the database was found to be one: then it can be looked at further.
  static func translating(
    _ error: any Error, at path: String, isOpen: Bool = false
  ) -> any Error {
    if let cell = error as? DamagedCell { return damaged(path, cell) }
    guard let error = error as? DatabaseError else { return error }
    let reason = error.message ?? error.resultCode.description
    // The file of shared memory beside the database could not grow.
    if error.extendedResultCode == .SQLITE_IOERR_SHMSIZE { return full(path) }
    // Nor could it be mapped. That is the file system's fault only where there is memory.
    if error.extendedResultCode == .SQLITE_IOERR_SHMMAP, !SystemResources.hasMemory(16_777_216) {
      return noMemory(path)
    }
    switch error.resultCode {
    case .SQLITE_FULL: return full(path)
    case .SQLITE_NOMEM: return noMemory(path)
    case .SQLITE_BUSY, .SQLITE_LOCKED: return busy(path)
    case .SQLITE_NOTADB: return notADatabase(path)
    case .SQLITE_CORRUPT:
      return isOpen ? damaged(path, reason: reason) : corrupt(path, reason: reason)
    case .SQLITE_ERROR: return otherTables(path, reason: reason)
    case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM:
      return cannotCreate(path, reason: reason)
    default: return inputOutput(path, reason: reason)
    }
  }

  private static func damaged(_ path: String, _ cell: DamagedCell) -> LabError {
    LabError(
      .data, "`\(cell.column)` of \(cell.place) is \(cell.what)", where: path,
      next: adviceOnDamage(path))
  }

  /// What can be done about a database in which something does not fit.
  package static func adviceOnDamage(_ path: String) -> String {
    "the database was damaged or changed; restore a backup, or see what of it is whole with: "
      + "lstm-lab doctor --db \(ShellWord.quoted(path))"
  }

  /// Runs `body` and translates the errors of SQLite.
  static func translated<Result>(
    at path: String, isOpen: Bool = false, _ body: () throws -> Result
  ) throws -> Result {
    do { return try body() } catch { throw translating(error, at: path, isOpen: isOpen) }
  }
}

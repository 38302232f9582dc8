import LabFormats

/// What goes wrong with a database, each with the file and what to do next.
extension LabError {
  static func missing(_ path: String) -> LabError {
    LabError(
      .notFound, "there is no such database", where: path,
      next: "name another file with --db, or train a run into this one with: "
        + "lstm-lab run CONFIG --db \(quoted(path))")
  }

  static func notADatabase(_ path: String) -> LabError {
    LabError(
      .data, "the file is not an SQLite database", where: path,
      next: "nothing was changed; name another file with --db")
  }

  /// A folder in the file's place.
  ///
  /// - Parameter file: A database of ours in it, if there is one.
  static func folder(_ path: String, file: String?) -> LabError {
    LabError(
      .data, "this is a folder, not a database", where: path,
      next: file.map { "name the file in it: --db \(quoted($0))" }
        ?? "name a file in it, such as --db \(quoted(path + "/lab.db"))")
  }

  static func foreignApplication(_ path: String) -> LabError {
    LabError(
      .data, "the database belongs to another application", where: path,
      next: "nothing was changed; name another file with --db")
  }

  /// Without the two numbers that mark it, as a dump leaves it, or with others.
  static func unmarked(_ path: String, version: Int) -> LabError {
    let numbers =
      "PRAGMA application_id = \(DatabaseFile.applicationID); PRAGMA user_version = \(version)"
    return LabError(
      .data,
      "the database has the tables of schema version \(version), but not the two numbers that mark "
        + "it: a dump does not keep them", where: path,
      next: "nothing was changed; bring them back with: sqlite3 \(quoted(path)) \"\(numbers)\"")
  }

  /// A path as a shell takes it for one word.
  private static func quoted(_ path: String) -> String {
    let isPlain = path.utf8.allSatisfy {
      Byte.isLetter($0) || Byte.isDigit($0) || "/._-".utf8.contains($0)
    }
    return isPlain ? path : ShellWord.inQuotes(path)
  }

  static func otherSchema(_ path: String, _ differences: [String]) -> LabError {
    let shown = differences.prefix(5).joined(separator: ", ")
    let more = differences.count > 5 ? ", and \(differences.count - 5) more" : ""
    return LabError(
      .data, "the database's schema is not what lstm-lab made: \(shown)\(more)", where: path,
      next: "nothing was changed; restore a backup, or undo the change with sqlite3")
  }

  static func fromTheFuture(_ path: String, version: Int, latest: Int) -> LabError {
    LabError(
      .data,
      "the database has schema version \(version), and this program knows those up to \(latest)",
      where: path,
      next: "nothing was changed; use a newer lstm-lab")
  }

  static func cannotCreate(_ path: String, reason: String) -> LabError {
    LabError(
      .cannotCreate, "the file cannot be created or written (\(reason))", where: path,
      next: "check the folder and its permissions, or name another file with --db")
  }

  static func inputOutput(_ path: String, reason: String) -> LabError {
    LabError(
      .inputOutput, "reading or writing failed (\(reason))", where: path,
      next: "check the disk; everything stored before is safe, and the run can be resumed")
  }

  static func full(_ path: String) -> LabError {
    LabError(
      .inputOutput, "the disk is full", where: path,
      next: "free some space and resume the run; everything stored before is safe")
  }

  static func noMemory(_ path: String) -> LabError {
    LabError(
      .system, "the system gives no more memory", where: path,
      next: "end other programs, or raise the limit (ulimit -v); everything stored before is safe")
  }

  static func busy(_ path: String) -> LabError {
    LabError(
      .busy, "another process has kept the database locked", where: path,
      next: "try again when it is done")
  }

  static func beingTrained(_ run: Int64, _ path: String) -> LabError {
    LabError(
      .busy, "run \(run) is being trained by another process", where: path,
      next: "wait for it, or stop it first")
  }

  static func inOldUse(_ path: String) -> LabError {
    LabError(
      .busy, "an older lstm-lab trains a run in the database", where: path,
      next: "wait for it, or stop it first; then the database can be brought to this version")
  }

  static func trainedMeanwhile(_ run: Int64, _ path: String) -> LabError {
    LabError(
      .busy, "another process has trained run \(run) further", where: path,
      next: "nothing was changed; try again")
  }

  static func deletedMeanwhile(_ run: Int64, _ path: String) -> LabError {
    LabError(
      .notFound, "run \(run) was deleted from the database while it was being trained", where: path,
      next: "start it again with: lstm-lab run CONFIG --db \(quoted(path))")
  }

  /// The file was `removed`, `moved`, … by others while we had it open.
  static func lost(
    _ path: String, _ what: DatabasePlace.Loss.Kind, during: String, next: String
  ) -> LabError {
    LabError(
      .inputOutput, "the database was \(what.rawValue) while \(during)", where: path, next: next)
  }

  /// - Parameter away: A path that the log may be moved to.
  static func foreignLog(_ path: String, away: String) -> LabError {
    LabError(
      .inputOutput, "the log beside the database belongs to another file that was here before",
      where: path + "-wal",
      next: "put that file back; or keep its log apart, and lose what it had stored last: "
        + "mv \(quoted(path + "-wal")) \(quoted(away))")
  }

  static func hasSecondName(_ path: String) -> LabError {
    LabError(
      .cannotCreate, "the database has a second name (a hard link), which has no log beside it",
      where: path, next: "remove one of the names, or make a copy and name it with --db")
  }

  /// One of our own statements does not fit what is there.
  static func otherTables(_ path: String, reason: String) -> LabError {
    LabError(
      .data, "the database does not have the tables of this version (\(reason))", where: path,
      next: "nothing was changed; read it with the lstm-lab that wrote it, or restore a backup")
  }

  /// A page of an open database cannot be what it was.
  static func damaged(_ path: String, reason: String) -> LabError {
    LabError(
      .data, "the database is damaged (\(reason))", where: path, next: adviceOnDamage(path))
  }

  static func corrupt(_ path: String, reason: String) -> LabError {
    LabError(
      .data, "the database is damaged (\(reason))", where: path,
      next: "restore a backup, or save what can still be read with sqlite3's .dump")
  }
}

/// What went wrong with the store, where, and what to do next.
package struct StoreError: Error, Equatable, Sendable {
  /// The kinds of failure, each with the exit code of the whole program.
  package enum Kind: Equatable, Sendable {
    /// The command, or the file it names, is not one that can be worked with.
    case usage, notADatabase, foreignApplication, fromTheFuture, corrupt
    /// Something is missing, or the system refuses what is asked of it.
    case notFound, cannotCreate, inputOutput, full, busy

    /// The exit code a command ends with.
    package var exitCode: Int32 {
      switch self {
      case .usage: 64
      case .notADatabase, .foreignApplication, .fromTheFuture, .corrupt: 65
      case .notFound: 66
      case .cannotCreate: 73
      case .inputOutput, .full: 74
      case .busy: 75
      }
    }
  }

  /// Kind of failure.
  package let kind: Kind
  /// What happened, a clause without a full stop.
  package let what: String
  /// The file it happened to.
  package let location: String
  /// What the user can do, a clause without a full stop.
  package let next: String

  /// Makes an error from its parts.
  package init(_ kind: Kind, _ what: String, at location: String, next: String) {
    self.kind = kind
    self.what = what
    self.location = location
    self.next = next
  }
}

extension StoreError: CustomStringConvertible {
  /// One line: where, what, and what to do next.
  package var description: String { "\(location): \(what); \(next)" }
}

extension StoreError {
  static func missing(_ path: String) -> StoreError {
    StoreError(
      .notFound, "there is no such database", at: path,
      next: "record a run first, or name another file with --db")
  }

  static func notADatabase(_ path: String) -> StoreError {
    StoreError(
      .notADatabase, "the file is not an SQLite database", at: path,
      next: "nothing was changed; name another file with --db")
  }

  static func foreignApplication(_ path: String) -> StoreError {
    StoreError(
      .foreignApplication, "the database belongs to another application", at: path,
      next: "nothing was changed; name another file with --db")
  }

  static func fromTheFuture(_ path: String, version: Int, latest: Int) -> StoreError {
    StoreError(
      .fromTheFuture,
      "the database has schema version \(version), this program knows up to \(latest)", at: path,
      next: "nothing was changed; use a newer lstm-lab")
  }

  static func cannotCreate(_ path: String, reason: String) -> StoreError {
    StoreError(
      .cannotCreate, "the file cannot be created or written (\(reason))", at: path,
      next: "check the folder and its permissions, or name another file with --db")
  }

  static func inputOutput(_ path: String, reason: String) -> StoreError {
    StoreError(
      .inputOutput, "reading or writing failed (\(reason))", at: path,
      next: "check the disk; everything stored before is safe, and the run can be resumed")
  }

  static func full(_ path: String) -> StoreError {
    StoreError(
      .full, "the disk is full", at: path,
      next: "free some space and resume the run; everything stored before is safe")
  }

  static func busy(_ path: String) -> StoreError {
    StoreError(
      .busy, "another process has kept the database locked", at: path,
      next: "try again when it is done")
  }

  static func beingTrained(_ run: Int64, _ path: String) -> StoreError {
    StoreError(
      .busy, "run \(run) is being trained by another process", at: path,
      next: "wait for it, or stop it first")
  }

  static func trainedMeanwhile(_ run: Int64, _ path: String) -> StoreError {
    StoreError(
      .busy, "run \(run) was trained further meanwhile", at: path,
      next: "nothing was changed; try again")
  }

  static func deletedMeanwhile(_ run: Int64, _ path: String) -> StoreError {
    StoreError(
      .notFound, "run \(run) was deleted from the database while it was being trained", at: path,
      next: "start it again with: lstm-lab run CONFIG")
  }

  /// One of our own statements does not fit what is there.
  static func otherTables(_ path: String, reason: String) -> StoreError {
    StoreError(
      .corrupt, "the database has not the tables of this version (\(reason))", at: path,
      next: "nothing was changed; read it with the lstm-lab that wrote it, or restore a backup")
  }

  static func corrupt(_ path: String, reason: String) -> StoreError {
    StoreError(
      .corrupt, "the database is damaged (\(reason))", at: path,
      next: "restore a backup, or save what is left with sqlite3's .recover")
  }
}

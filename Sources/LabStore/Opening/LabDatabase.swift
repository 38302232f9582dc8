import Foundation
import GRDB
import LabFormats
import LabSchema

/// An lstm-lab database: a file that exists, is ours, and has the latest schema.
package final class LabDatabase: Sendable {
  /// What a database is opened for.
  package enum Access: Equatable, Sendable {
    /// Nothing is changed; works in a folder that cannot be written, too.
    case readOnly
    /// Runs are recorded; a missing file is made only where that is asked for.
    case readWrite(creatingIfMissing: Bool)
  }

  /// Absolute path of the file.
  package let path: String
  /// What it was opened for.
  package let access: Access
  let connection: Connection
  /// The option that names the database in an advised command; nothing where none is needed.
  package let option: String
  /// The file as it was opened.
  let place: DatabasePlace
  /// The connection as runs have it that are recorded.
  let lent: LentConnection

  /// How long a process waits for its turn to write.
  static let patience = Duration.seconds(60)

  /// Opens a database, creating or updating it where that is needed and allowed.
  ///
  /// A file that is not ours is never changed.
  /// - Parameters:
  ///   - forManyRuns: Whether many runs are recorded one after the other: then what they open stays open for
  ///     the next, and the log is emptied when the database is closed.
  ///   - isUpdated: Whether the file of an older version is brought to the latest schema, as far as it may be
  ///     written; otherwise this connection alone sees it as one of that.
  package init(
    path: String, access: Access, option: String = "", forManyRuns: Bool = false,
    isUpdated: Bool = true
  ) throws {
    lent = LentConnection(isShared: forManyRuns)
    let path = Self.absolute(path)
    self.path = path
    self.access = access
    self.option = option
    ProtectedFiles.add(database: path)
    let isNew = try access == .readWrite(creatingIfMissing: true) && Self.createIfMissing(path)
    if access != .readOnly { try Self.removeDrafts(of: path) }
    try Self.requireOurs(path)
    try Scrutiny.requireFittingLog(path)
    let seen = isNew ? Migrations.latest : try Self.requireKnownSchema(path)
    if access != .readOnly { try Self.requireOneName(path) }
    connection = try LabError.translated(at: path) {
      try access == .readOnly ? Connection.reading(path) : Connection.writing(path)
    }
    _ = try LabError.translated(at: path) { [connection] in
      try connection.read(SchemaUpdate.version)
    }
    place = try DatabasePlace(path, access == .readOnly ? nil : FileLock(beside: path))
    try updateSchema(from: seen, inFile: isUpdated)
  }

  /// Closes the connection; what is left of the log goes into the file.
  package func close() throws {
    if access == .readOnly { return try connection.close() }
    let lock = try FileLock(beside: path)
    try lock.acquireCommit(patience: Self.patience)
    defer { lock.release(.commit) }
    var place = place
    try LabError.translated(at: path) { try connection.close(lock, &place) }
  }

  /// Returns what messages call a run, or one of its epochs.
  package func place(of run: Int64, epoch: Int? = nil) -> String {
    "\(path), run \(run)" + (epoch.map { ", epoch \($0)" } ?? "")
  }

  /// Reads in one consistent view of the database.
  func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try LabError.translated(at: path, isOpen: true) { try connection.read(body) }
  }

  /// Runs `body` while no other process commits or checkpoints.
  func withCommitLock<Result>(_ body: () throws -> Result) throws -> Result {
    let lock = try FileLock(beside: path)
    try lock.acquireCommit(patience: Self.patience)
    defer { lock.release(.commit) }
    try place.require()
    return try LabError.translated(at: path, body)
  }

  /// - Parameters:
  ///   - seen: The version whose schema the file was found to have, before it was opened.
  ///   - isInFile: Whether the file may be changed.
  private func updateSchema(from seen: Int?, inFile isInFile: Bool) throws {
    let version = try LabError.translated(at: path) {
      try connection.read { db in
        let version = try SchemaUpdate.version(of: db)
        return version == seen ? version : try Self.checkedVersion(of: db, path)
      }
    }
    guard version < Migrations.latest else { return }
    do {
      if isInFile { return try migrate() }
    } catch let error as LabError where access == .readOnly && Self.lets(pass: error) {}
    try LabError.translated(at: path) { try SchemaUpdate.showAsLatest(on: connection) }
  }

  /// Brings the file to the latest version, unless a process of an older one trains a run in it.
  private func migrate() throws {
    let path = path
    try withCommitLock {
      guard FileLock.isAnyRunHeld(beside: path) != true else { throw LabError.inOldUse(path) }
      let writer = try Connection.writing(path)
      try SchemaUpdate.run(on: writer)
      try writer.close()
    }
  }

  /// Whether an older database is read as it is, because it may not be changed.
  private static func lets(pass error: LabError) -> Bool {
    [.cannotCreate, .busy].contains(error.kind)
  }

  /// Removes what processes that were killed left of a database that they were making.
  private static func removeDrafts(of path: String) throws {
    guard !DatabaseFile.drafts(of: path).isEmpty else { return }
    let lock = try FileLock(beside: path)
    try lock.acquireCommit(patience: patience)
    defer { lock.release(.commit) }
    DatabaseFile.removeDrafts(of: path)
  }

  /// Returns whether the database was missing, and was made.
  private static func createIfMissing(_ path: String) throws -> Bool {
    try DatabaseFile.requireReachable(path)
    guard try [.missing, .empty].contains(DatabaseFile.inspect(path)) else { return false }
    let lock = try FileLock(beside: path)
    try lock.acquireCommit(patience: patience)
    defer { lock.release(.commit) }
    guard try [.missing, .empty].contains(DatabaseFile.inspect(path)) else { return false }
    try DatabaseFile.create(at: path)
    return true
  }

  /// Refuses a file that cannot be read, or not by this version, before any file is made beside it; one that
  /// has its files there already is looked at when it is open, which nil says.
  private static func requireKnownSchema(_ path: String) throws -> Int? {
    guard !Connection.hasLog(path), !Connection.hasIndex(path) else { return nil }
    do {
      return try LabError.translated(at: path) {
        try Connection.glance(path) { try checkedVersion(of: $0, path) }
      }
    } catch let error {
      // Another process may have begun to write meanwhile: then this look means nothing.
      guard Connection.hasLog(path) else { throw error }
      return nil
    }
  }

  /// The schema's version, after the schema was found to be that version's.
  private static func checkedVersion(of db: Database, _ path: String) throws -> Int {
    let version = try SchemaUpdate.version(of: db)
    guard version <= Migrations.latest else {
      throw LabError.fromTheFuture(path, version: version, latest: Migrations.latest)
    }
    let check = try SchemaCheck(db)
    let differences = version >= 1 ? try check.differences(from: version) : []
    if version >= 1, differences.isEmpty { return version }
    if let actual = try check.version() { throw LabError.unmarked(path, version: actual) }
    // A database of ours never was without a schema: see DatabaseFile.create(at:).
    guard version >= 1 else {
      throw LabError.corrupt(path, reason: "its schema version is \(version)")
    }
    throw LabError.otherSchema(path, differences)
  }

  /// A database with two names would have two logs and two locks.
  private static func requireOneName(_ path: String) throws {
    if let status = DatabasePlace.status(path), status.st_nlink > 1 {
      throw LabError.hasSecondName(path)
    }
    try DatabasePlace.awaitOwnLog(path, lock: FileLock(beside: path))
  }

  private static func requireOurs(_ path: String) throws {
    switch try DatabaseFile.inspect(path) {
    case .ours: return
    case .missing: throw LabError.missing(path)
    case .empty, .notADatabase: throw LabError.notADatabase(path)
    case .folder: throw LabError.folder(path, file: DatabaseFile.ours(in: path))
    case .foreign:
      let version = try? Connection.glance(path) { try SchemaCheck($0).version() }
      throw version.flatMap { $0 }.map { LabError.unmarked(path, version: $0) }
        ?? LabError.foreignApplication(path)
    }
  }

  /// Follows links, so that every process finds the same lock file; also one that leads to a file
  /// that is still to be made.
  private static func absolute(_ path: String) -> String {
    var url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    // Foundation keeps a link whose target is missing. No system follows more links than these.
    for _ in 0..<40 {
      let target = try? FileManager.default.destinationOfSymbolicLink(atPath: url.path)
      guard let target else { break }
      let folder = url.deletingLastPathComponent().path
      url = URL(fileURLWithPath: target.hasPrefix("/") ? target : "\(folder)/\(target)")
        .resolvingSymlinksInPath()
    }
    return url.path
  }
}

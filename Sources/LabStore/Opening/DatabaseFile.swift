import Foundation
import GRDB
import LabFormats
import LabSchema

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A database as a file: what it is, before SQLite may touch it, and how it comes into being.
enum DatabaseFile {
  /// Marks our databases, in bytes 68 to 71 of the file: "LSTM".
  static let applicationID: UInt32 = 0x4C53_544D

  /// What a file is.
  enum Content: Equatable {
    case missing, empty, ours, foreign, notADatabase, folder
  }

  /// Looks at a file without changing it.
  ///
  /// A database of ours carries its mark in the file itself from its first moment on, see
  /// ``create(at:)``; so no look into its write-ahead log is needed.
  static func inspect(_ path: String) throws -> Content {
    guard let status = try DatabasePlace.found(path) else { return .missing }
    if status.st_mode & S_IFMT == S_IFDIR { return .folder }
    guard status.st_mode & S_IFMT == S_IFREG else { return .notADatabase }
    guard status.st_size > 0 else { return .empty }
    let header = try FileHeader.read(path, status)
    guard header.count == 100, header.starts(with: Array("SQLite format 3\0".utf8)) else {
      return .notADatabase
    }
    let mark = header[68..<72].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    return mark == applicationID ? .ours : .foreign
  }

  /// The path of a database of ours in a folder: `lab.db`, else the first by name.
  static func ours(in folder: String) -> String? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let files = ["lab.db"] + names.filter { $0.hasSuffix(".db") }.sorted()
    return files.map { "\(folder)/\($0)" }.first { (try? inspect($0)) == .ours }
  }

  /// Throws where nothing can be found or made at a path: a folder that may not be looked into, a name
  /// that is too long, links that go round in a circle.
  static func requireReachable(_ path: String) throws {
    var status = stat()
    guard unsafe stat(path, &status) != 0, ![ENOENT, ENOTDIR].contains(errno) else { return }
    throw LabError.cannotCreate(path, reason: FileLock.reason(errno))
  }

  /// Whether a database of ours is in WAL mode: what is new stands in a log beside it.
  static func isLogging(_ path: String) throws -> Bool {
    let header = try FileHeader.read(path, status(path))
    return header.count == 100 && header[18] == 2 && header[19] == 2
  }

  /// Keeps everybody from locking a database in WAL mode exclusively, until this process ends.
  static func holdOpen(_ path: String, patience: Duration) throws {
    try FileHeader.holdOpen(path, status(path), patience: patience)
  }

  private static func status(_ path: String) throws -> stat {
    guard let status = try DatabasePlace.found(path) else { throw LabError.missing(path) }
    return status
  }

  /// Makes a database with the latest schema; the caller holds the commit lock.
  ///
  /// The file is built beside its place, without any care for crashes, then synced and renamed:
  /// it is there whole or not at all, and never seen half made by another process.
  static func create(at path: String) throws {
    let draft = try reserveDraft(of: path)
    defer { remove(draft) }
    do {
      try build(draft)
      try synchronise(draft)
    } catch {
      switch LabError.translating(error, at: path) {
      case let failure as LabError where failure.kind == .inputOutput && failure != .full(path):
        throw LabError.cannotCreate(path, reason: failure.what)
      case let failure: throw failure
      }
    }
    // A log that has outlived its database would be taken for the new one's; its pages are kept.
    if Connection.hasLog(path) { setLogAside(path) }
    remove(path)
    // Before it has its name: two shells that come first would lock each other out.
    try holdOpen(draft, patience: Lease.renewal)
    guard unsafe rename(draft, path) == 0 else {
      throw LabError.cannotCreate(path, reason: unsafe String(cString: strerror(errno)))
    }
  }

  /// The digits of the random number in a draft's name: as many as its largest has.
  private static let digits = 13

  /// Makes an empty file of a name that nothing had, so that whatever lies there is not touched.
  static func reserveDraft(of path: String) throws -> String {
    let random = String(UInt64.random(in: 0...UInt64.max), radix: 36)
    let zeros = String(repeating: "0", count: digits - random.count)
    let draft = "\(path)-new-\(getpid())-\(zeros)\(random)"
    let descriptor = SystemFile.open(draft, O_RDWR | O_CREAT | O_EXCL, permissions: 0o644)
    guard descriptor >= 0 else {
      throw LabError.cannotCreate(path, reason: unsafe String(cString: strerror(errno)))
    }
    close(descriptor)
    return draft
  }

  /// The drafts beside a path: `lab.db-new-PID-RANDOM`, as ``reserveDraft(of:)`` names them.
  static func drafts(of path: String) -> [String] {
    let url = URL(fileURLWithPath: path)
    let prefix = url.lastPathComponent + "-new-"
    let folder = url.deletingLastPathComponent().path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { name in
      guard name.hasPrefix(prefix) else { return false }
      let parts = name.dropFirst(prefix.count).split(
        separator: "-", omittingEmptySubsequences: false)
      return parts.count == 2 && pid_t(parts[0]).map { $0 > 0 } == true
        && parts[1].utf8.count == digits && UInt64(parts[1], radix: 36) != nil
    }.map { "\(folder)/\($0)" }
  }

  /// Removes the drafts that a process has left which was killed; the caller holds the commit lock, as
  /// everybody does who makes one.
  static func removeDrafts(of path: String) {
    for draft in drafts(of: path) { remove(draft) }
  }

  /// Gives the log beside a path another name, with its index.
  static func setLogAside(_ path: String) {
    let place = freeName(path)
    for suffix in ["-wal", "-shm"] { _ = unsafe rename(path + suffix, place + suffix) }
  }

  /// The path that the log beside a path may be moved to.
  static func freeLogName(_ path: String) -> String { freeName(path) + "-wal" }

  private static func freeName(_ path: String) -> String {
    let names = (1...99).map { path + ($0 == 1 ? "-lost" : "-lost-\($0)") }
    return names.first { DatabasePlace.status($0 + "-wal") == nil } ?? path + "-lost"
  }

  /// Removes a database and what SQLite puts beside it, as far as they are there.
  static func remove(_ path: String) {
    for suffix in ["", "-journal", "-wal", "-shm"] { _ = unsafe unlink(path + suffix) }
  }

  private static func build(_ path: String) throws {
    var configuration = Configuration()
    // Without a journal nothing is rolled back: a draft that fails is thrown away.
    configuration.allowsUnsafeTransactions = true
    let connection = try Connection(path, configuration)
    try connection.inDatabase { db in
      try db.execute(sql: "PRAGMA foreign_keys = OFF; PRAGMA page_size = \(VectorLayout.pageSize)")
      try db.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
      try db.execute(sql: "BEGIN; PRAGMA application_id = \(applicationID)")
      try SchemaUpdate.create(in: db)
      try db.execute(sql: "COMMIT; PRAGMA journal_mode = WAL")
    }
    try connection.close()
  }

  /// Brings a file to the disk; no connection of this process has it open.
  static func synchronise(_ path: String) throws {
    let descriptor = SystemFile.open(path, O_RDWR)
    guard descriptor >= 0 else {
      throw LabError.inputOutput(path, reason: unsafe String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else {
      throw LabError.inputOutput(path, reason: unsafe String(cString: strerror(errno)))
    }
  }
}

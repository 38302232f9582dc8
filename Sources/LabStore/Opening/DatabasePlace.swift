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

/// A database's file as it was when it was opened, whatever has become of its name since.
struct DatabasePlace: Sendable {
  /// What has become of a file that is no longer what it was.
  struct Loss: Sendable {
    enum Kind: String, Sendable {
      case removed, moved, overwritten
      case replaced = "replaced by another file"
      case bereft = "left without its log"
      case cut = "left with a log that was cut"
    }
    let kind: Kind
    /// The name that the file has now, where it still has one that can be found.
    let whereabouts: String?
  }

  let path: String
  let file: FileHeader.Identity
  /// The log beside it, which a connection keeps open as long as the file.
  let log: FileHeader.Identity?
  /// How the file was when somebody wrote to it last who knows the commit lock.
  private var known: LockNote?
  /// The note that was in the lock file then.
  private var seen: LockNote?
  /// Whether something may have been written to the file while pages were moved into it.
  private(set) var isSuspect = false

  /// Takes the file at `path`, which a connection of this process has open, for what it is now.
  init(_ path: String, _ lock: FileLock? = nil) throws {
    self.path = path
    seen = lock?.note
    known = lock.flatMap { _ in LockNote(path, after: nil) }
    guard let file = try Self.found(path) else { throw LabError.missing(path) }
    self.file = FileHeader.Identity(file)
    log = Self.status(path + "-wal").map(FileHeader.Identity.init)
  }

  /// What has become of the file; nil where it is in its place, as far as its name tells.
  ///
  /// What cannot be looked at may be in its place all the same: the next commit tells.
  var loss: Loss? {
    do { return loss(try Self.found(path), try Self.found(path + "-wal")) } catch { return nil }
  }

  private func loss(_ present: stat?, _ beside: stat?) -> Loss? {
    let whereabouts = FileHeader.whereabouts(of: file)
    if present.map(FileHeader.Identity.init) == file {
      let hasLog = log == nil || beside.map(FileHeader.Identity.init) == log
      guard hasLog else { return Loss(kind: .bereft, whereabouts: nil) }
      return LogIndex.isLogWhole(path) ? nil : Loss(kind: .cut, whereabouts: nil)
    }
    if present != nil { return Loss(kind: .replaced, whereabouts: whereabouts) }
    let isRemoved = FileHeader.status(of: file).map { $0.st_nlink == 0 } ?? true
    return Loss(kind: isRemoved ? .removed : .moved, whereabouts: whereabouts)
  }

  /// Throws where the file is no longer in its place.
  func require() throws {
    if let loss {
      throw LabError.lost(
        path, loss.kind, during: "it was open",
        next: "put it back where it was, and run the command again")
    }
  }

  /// What has been written to the file since somebody wrote to it who knows the commit lock, which the
  /// caller holds.
  mutating func change(_ lock: FileLock) -> LockNote.Change {
    let note = lock.note
    if note != seen {
      seen = note
      if let note, note.file == file { known = note }
    }
    guard let known, let present = LockNote(path, after: known) else { return .none }
    let change = known.change(to: present)
    if change == .none { self.known = present }
    return change
  }

  /// Takes the file for what it is now, and tells others; the caller holds the commit lock, and knows
  /// what was written.
  mutating func accept(_ lock: FileLock) {
    guard let present = LockNote(path, after: known) else { return }
    lock.leave(present)
    (known, seen) = (present, present)
    isSuspect = false
  }

  /// Moves pages of the log into the file, unless something else has been written there before, and
  /// takes the file for what it is afterwards; the caller holds the commit lock.
  ///
  /// - Parameter move: Moves them; returns whether that were all.
  mutating func moving(_ lock: FileLock, _ move: () throws -> Bool) rethrows {
    guard change(lock) != .byOthers else { return isSuspect = true }
    let sample = PageSample(path)
    let isComplete = try move()
    guard sample.isHeld(isComplete: isComplete) else { return isSuspect = true }
    accept(lock)
  }

  /// Waits until the log beside the file is none of another file that stood here, and refuses it
  /// where that does not happen: its pages would be taken for this file's.
  ///
  /// Who has that file open takes the log away as soon as it notices. An empty log that nobody uses is
  /// as good as none.
  static func awaitOwnLog(_ path: String, lock: FileLock) throws {
    let deadline = ContinuousClock.now + .seconds(10)
    while let note = lock.note, let file = status(path), let log = status(path + "-wal"),
      FileHeader.Identity(file) != note.file, FileHeader.Identity(log) == note.log
    {
      let isUsed = isIndexUsed(path)
      if !isUsed, log.st_size == 0 { return }
      guard isUsed, ContinuousClock.now < deadline else { throw LabError.foreignLog(path) }
      usleep(20_000)
    }
  }

  /// Whether a connection has the log's index open: each shares the lock of this byte (SQLite's
  /// UNIX_SHM_DMS).
  private static func isIndexUsed(_ path: String) -> Bool {
    guard let status = status(path + "-shm"),
      let descriptor = try? FileHeader.descriptor(path + "-shm", FileHeader.Identity(status))
    else { return false }
    return FileLock.isTaken(descriptor, at: 128) ?? true
  }

  /// Takes the names of the log and its index away: what stands beside them now, or will, is another
  /// file.
  ///
  /// - Parameter keepsPages: Whether the log may hold pages that are nowhere else; then it gets another
  ///   name.
  func removeLog(keepsPages: Bool) {
    guard let log, Self.status(path + "-wal").map(FileHeader.Identity.init) == log else { return }
    if keepsPages { return DatabaseFile.setLogAside(path) }
    for suffix in ["-wal", "-shm"] { _ = unsafe unlink(path + suffix) }
  }

  /// What the system says of the file at `path`; nil where there is none, or where that cannot be known.
  static func status(_ path: String) -> stat? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? status : nil
  }

  /// What the system says of the file at `path`; nil where there is none.
  static func found(_ path: String) throws -> stat? {
    var status = stat()
    if unsafe stat(path, &status) == 0 { return status }
    let code = errno
    guard [ENOENT, ENOTDIR].contains(code) else {
      throw LabError.inputOutput(path, reason: FileLock.reason(code))
    }
    return nil
  }
}

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
  /// What was found when pages were moved into the file: `harmed` that something else was written there,
  /// `unknown` that this could not be found out.
  private(set) var doubt: PageCheck.Finding?

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

  /// The file as it is now; to be accepted when it was found good after this.
  var present: LockNote? { LockNote(path, after: known) }

  /// Takes the file for what it was, and tells others; the caller holds the commit lock, and knows what was
  /// written.
  ///
  /// What has changed between the note and now shows with the next look.
  mutating func accept(_ note: LockNote?, _ lock: FileLock) {
    guard let note else { return }
    lock.leave(note)
    (known, seen, doubt) = (note, note, nil)
  }

  /// Tells others what the file is known to be; the caller holds the commit lock.
  mutating func tell(_ lock: FileLock) { accept(known, lock) }

  /// Moves pages of the log into the file, unless something else has been written there before, and looks
  /// whether they are there afterwards; the caller holds the commit lock.
  ///
  /// - Parameter move: Moves them, and leaves the log as it is.
  mutating func moving(_ lock: FileLock, _ move: () throws -> Void) rethrows {
    let check = PageCheck(path)
    guard change(lock) != .byOthers else { return doubt = .harmed }
    try move()
    let note = present
    switch check.finding() {
    case .held: accept(note, lock)
    case let finding: doubt = finding
    }
  }

  /// Empties a log of which all pages were moved and found; the caller holds the commit lock.
  mutating func emptying(_ lock: FileLock, _ empty: () throws -> Void) rethrows {
    guard doubt == nil, let known else { return }
    try empty()
    guard let present else { return }
    // A shell may have written more at the last moment.
    if present.isOfSameFile(as: known) { accept(present, lock) } else { doubt = .unknown }
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
      guard isUsed, ContinuousClock.now < deadline else {
        throw LabError.foreignLog(path, away: DatabaseFile.freeLogName(path))
      }
      usleep(20_000)
    }
  }

  /// Whether a connection has the log's index open: each shares the lock of this byte (SQLite's
  /// UNIX_SHM_DMS).
  static func isIndexUsed(_ path: String) -> Bool {
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

  /// The bytes of the file at `path`.
  static func size(_ path: String) -> Int { Int(status(path)?.st_size ?? 0) }

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

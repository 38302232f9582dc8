import Foundation
import LabFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Advisory locks on the file beside a database, which every lstm-lab process respects.
///
/// The locks belong to the open file, not to the process ("open file description locks"), so two
/// writers in one process exclude each other too, and the system frees them the moment their
/// owner is gone, however it went.
final class FileLock: Sendable {
  /// What is locked: one byte each, whatever the file holds there.
  enum Region: Equatable, Sendable {
    /// The right to be the next for `commit`.
    case turn
    /// The right to commit and to checkpoint.
    case commit
    /// Held by the process that trains a run.
    case run(Int64)

    fileprivate var offset: off_t {
      switch self {
      case .turn: 0
      case .commit: 1
      case .run(let id): 1024 &+ off_t(id)  // the system refuses what is beyond all files
      }
    }
  }

  // The two commands of fcntl for such locks; the C headers hide them behind feature macros.
  #if canImport(Darwin)
    private static let setCommand: CInt = 90  // F_OFD_SETLK
    private static let queryCommand: CInt = 92  // F_OFD_GETLK
  #else
    private static let queryCommand: CInt = 36  // F_OFD_GETLK
    private static let setCommand: CInt = 37  // F_OFD_SETLK
  #endif

  private let path: String
  private let database: String
  private let descriptor: CInt

  /// The lock file that belongs to a database.
  private static func path(beside database: String) -> String { database + "-lock" }

  /// Opens the lock file of a database, creating it if it is missing.
  init(beside database: String) throws {
    path = Self.path(beside: database)
    self.database = database
    descriptor = SystemFile.open(path, O_RDWR | O_CREAT)
    guard descriptor >= 0 else {
      throw LabError.cannotCreate(path, reason: Self.reason(errno))
    }
  }

  deinit { close(descriptor) }

  /// Whether somebody trains any run at all; nil when that cannot be known.
  static func isAnyRunHeld(beside database: String) -> Bool? {
    var range = range(Region.run(0).offset, F_WRLCK)
    range.l_len = 0  // to the end of all
    return isHeld(range, beside: database)
  }

  /// What the last holder of the commit lock has left about the database.
  var note: LockNote? { LockNote(descriptor) }

  /// The same of a lock file that is there, without making one.
  static func note(beside database: String) -> LockNote? {
    let descriptor = SystemFile.open(path(beside: database), O_RDONLY)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return LockNote(descriptor)
  }

  /// Leaves a note on the database, for the next holder of the commit lock; the caller is one, and has
  /// just written to the file.
  func leave(_ note: LockNote?) { note?.write(to: descriptor) }

  /// Whether somebody holds a lock; nil when that cannot be known.
  static func isHeld(_ region: Region, beside database: String) -> Bool? {
    isHeld(range(region.offset, F_WRLCK), beside: database)
  }

  private static func isHeld(_ range: flock, beside database: String) -> Bool? {
    let descriptor = SystemFile.open(path(beside: database), O_RDONLY)
    // Without the file nobody holds a lock on it.
    guard descriptor >= 0 else { return errno == ENOENT ? false : nil }
    defer { close(descriptor) }
    return isTaken(descriptor, range)
  }

  /// Whether somebody else has locked a byte of an open file; nil when that cannot be known.
  static func isTaken(_ descriptor: CInt, at offset: off_t) -> Bool? {
    isTaken(descriptor, range(offset, F_WRLCK))
  }

  private static func isTaken(_ descriptor: CInt, _ range: flock) -> Bool? {
    var range = range
    guard unsafe fcntl(descriptor, queryCommand, &range) == 0 else { return nil }
    return range.l_type != F_UNLCK
  }

  /// Takes a lock if it is free.
  func tryAcquire(_ region: Region) throws -> Bool {
    try Self.take(F_WRLCK, at: region.offset, of: descriptor, path)
  }

  /// Locks a byte of an open file, to share it (`F_RDLCK`) or alone (`F_WRLCK`), if that is possible
  /// at once.
  static func take(
    _ type: CInt, at offset: off_t, of descriptor: CInt, _ path: String
  ) throws -> Bool {
    var range = range(offset, type)
    repeat {
      if unsafe fcntl(descriptor, setCommand, &range) == 0 { return true }
    } while errno == EINTR
    guard [EAGAIN, EACCES].contains(errno) else {
      throw LabError.inputOutput(path, reason: reason(errno))
    }
    return false
  }

  /// Takes the commit lock, waiting for at most `patience`.
  ///
  /// Who waits first takes a turn: a process that commits all the time cannot overtake it.
  func acquireCommit(patience: Duration) throws {
    let deadline = ContinuousClock.now + patience
    try wait(for: .turn, until: deadline)
    defer { release(.turn) }
    try wait(for: .commit, until: deadline)
  }

  /// Gives a lock back.
  func release(_ region: Region) {
    var range = Self.range(region.offset, F_UNLCK)
    _ = unsafe fcntl(descriptor, Self.setCommand, &range)
  }

  private func wait(for region: Region, until deadline: ContinuousClock.Instant) throws {
    var pause: UInt32 = 250
    while try !tryAcquire(region) {
      guard ContinuousClock.now < deadline else { throw LabError.busy(database) }
      usleep(pause)
      pause = min(pause * 2, 4_000)
    }
  }

  private static func range(_ offset: off_t, _ type: CInt) -> flock {
    var range = flock()
    range.l_type = Int16(type)
    range.l_whence = Int16(SEEK_SET)
    range.l_start = offset
    range.l_len = 1
    return range
  }

  static func reason(_ code: CInt) -> String { unsafe String(cString: strerror(code)) }
}

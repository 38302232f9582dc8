import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Who owns a file that has a name for a while only: the process that holds the lock on it.
///
/// The lock belongs to the open file ("open file description lock"), so the system takes it back the
/// moment its process is gone, however it went. Where a file system has no such locks nothing is ever
/// taken for left behind.
enum Ownership {
  /// Thirteen letters and digits that no other name has.
  static func randomName() -> String {
    let digits = String(UInt64.random(in: 0...UInt64.max), radix: 36)
    return String(repeating: "0", count: length - digits.count) + digits
  }

  private static let length = 13

  /// Whether a name is `prefix`, what ``randomName()`` makes, and `suffix`.
  static func isOurs(_ name: String, _ prefix: String, _ suffix: String) -> Bool {
    guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return false }
    let middle = name.dropFirst(prefix.count).dropLast(suffix.count)
    return middle.utf8.count == length && UInt64(middle, radix: 36) != nil
  }

  /// Takes a file that this process has just made.
  ///
  /// - Returns: Whether it is this process's now: whoever looks for what was left behind may have been
  ///   faster, and has removed it then.
  static func take(_ file: CInt) -> Bool {
    var status = stat()
    guard lock(file) != .refused, unsafe fstat(file, &status) == 0 else { return false }
    return status.st_nlink > 0
  }

  /// Opens a regular file of this user whose owner is gone; the caller owns it now, and closes it.
  ///
  /// - Returns: The descriptor, or nil where somebody owns it, or where that cannot be known.
  static func inherit(_ path: String) -> CInt? {
    let file = SystemFile.open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK)
    guard file >= 0 else { return nil }
    var status = stat()
    if unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_uid == geteuid(), lock(file) == .taken
    {
      return file
    }
    close(file)
    return nil
  }

  /// The names in a folder; none where it cannot be read.
  static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  private enum Lock { case taken, refused, impossible }

  private static func lock(_ file: CInt) -> Lock {
    #if canImport(Darwin)
      let command: CInt = 90  // F_OFD_SETLK
    #else
      let command: CInt = 37
    #endif
    var range = flock()
    range.l_type = Int16(F_WRLCK)
    range.l_whence = Int16(SEEK_SET)
    while true {
      if unsafe fcntl(file, command, &range) == 0 { return .taken }
      if errno == EINTR { continue }
      return [EAGAIN, EACCES].contains(errno) ? .refused : .impossible
    }
  }
}

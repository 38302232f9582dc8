import Foundation
import LabFormats
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Databases by what they are, not by their names: each is opened once in a process and stays open.
///
/// When a process closes any descriptor of a file, POSIX drops all locks that the process holds on
/// it, those of SQLite's connections too. To stay open also keeps a file's identity from being given
/// to another file.
enum FileHeader {
  /// Which file it is, whatever its name.
  struct Identity: Hashable {
    let device: UInt64
    let number: UInt64

    init(_ status: stat) {
      device = UInt64(truncatingIfNeeded: status.st_dev)
      number = UInt64(truncatingIfNeeded: status.st_ino)
    }
  }

  private static let descriptors = Mutex<[Identity: CInt]>([:])

  /// The first 100 bytes, or what there is of them.
  static func read(_ path: String, _ status: stat) throws -> [UInt8] {
    let descriptor = try descriptor(path, Identity(status))
    var bytes = [UInt8](repeating: 0, count: 100)
    let count = unsafe pread(descriptor, &bytes, bytes.count, 0)
    guard count >= 0 else { throw LabError.inputOutput(path, reason: FileLock.reason(errno)) }
    return Array(bytes.prefix(count))
  }

  /// Keeps everybody from locking a database exclusively until this process ends; `patience` is for
  /// somebody who does so at this moment.
  ///
  /// In WAL mode only the last connection to close wants that lock, to empty the log and remove it,
  /// and while it asks for it SQLite refuses readers. Before it comes a lock of this byte, which every
  /// reader shares for a moment; we share it all the time. The lock belongs to the open file,
  /// so that what SQLite locks and unlocks in this process leaves it alone.
  static func holdOpen(_ path: String, _ status: stat, patience: Duration) throws {
    let descriptor = try descriptor(path, Identity(status))
    let deadline = ContinuousClock.now + patience
    while try !FileLock.take(F_RDLCK, at: pendingByte, of: descriptor, path) {
      guard ContinuousClock.now < deadline else { throw LabError.busy(path) }
      usleep(500)
    }
  }

  /// SQLite's PENDING_BYTE (https://www.sqlite.org/fileformat2.html, "The Lock-Byte Page").
  private static let pendingByte: off_t = 0x4000_0000

  private static func descriptor(_ path: String, _ identity: Identity) throws -> CInt {
    try descriptors.withLock { descriptors in
      if let known = descriptors[identity] { return known }
      let opened = unsafe open(path, O_RDONLY | O_CLOEXEC)
      guard opened >= 0 else { throw LabError.inputOutput(path, reason: FileLock.reason(errno)) }
      // Another file may stand there by now; one that is known stays open twice rather than be closed.
      var status = stat()
      guard unsafe fstat(opened, &status) == 0 else {
        throw LabError.inputOutput(path, reason: FileLock.reason(errno))
      }
      descriptors[Identity(status)] = opened
      return opened
    }
  }
}

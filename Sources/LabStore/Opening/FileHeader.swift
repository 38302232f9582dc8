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

/// Reads the first bytes of files without ever closing them.
///
/// When a process closes any descriptor of a file, POSIX drops all locks that the process holds on
/// it, those of SQLite's connections too. So each file is opened once and stays open: which also
/// keeps its identity from being given to another file.
enum FileHeader {
  private struct Identity: Hashable {
    let device: UInt64
    let number: UInt64
  }

  private static let descriptors = Mutex<[Identity: CInt]>([:])

  /// The first 100 bytes, or what there is of them.
  static func read(_ path: String, _ status: stat) throws -> [UInt8] {
    let identity = Identity(
      device: UInt64(truncatingIfNeeded: status.st_dev),
      number: UInt64(truncatingIfNeeded: status.st_ino))
    let descriptor = try descriptors.withLock { descriptors in
      if let known = descriptors[identity] { return known }
      let opened = unsafe open(path, O_RDONLY | O_CLOEXEC)
      guard opened >= 0 else {
        throw LabError.inputOutput(path, reason: unsafe String(cString: strerror(errno)))
      }
      descriptors[identity] = opened
      return opened
    }
    var bytes = [UInt8](repeating: 0, count: 100)
    let count = unsafe pread(descriptor, &bytes, bytes.count, 0)
    guard count >= 0 else {
      throw LabError.inputOutput(path, reason: unsafe String(cString: strerror(errno)))
    }
    return Array(bytes.prefix(count))
  }
}

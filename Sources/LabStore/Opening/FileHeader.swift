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

    init(device: UInt64, number: UInt64) {
      self.device = device
      self.number = number
    }

    init(_ status: stat) {
      device = UInt64(truncatingIfNeeded: status.st_dev)
      number = UInt64(truncatingIfNeeded: status.st_ino)
    }
  }

  private static let descriptors = Mutex<[Identity: CInt]>([:])

  /// The first 100 bytes, or what there is of them.
  static func read(_ path: String, _ status: stat) throws -> [UInt8] {
    let descriptor = try descriptor(path, Identity(status))
    guard let bytes = bytes(descriptor, from: 0, count: 100) else {
      throw LabError.inputOutput(path, reason: FileLock.reason(errno))
    }
    return bytes
  }

  /// Some bytes of a file, or what there is of them; nil where it cannot be read.
  static func bytes(of path: String, from start: Int, count: Int) -> [UInt8]? {
    descriptor(of: path).flatMap { bytes($0, from: start, count: count) }
  }

  /// Pieces of a file of `count` bytes each, up to the first that is not whole.
  static func pieces(of path: String, at starts: some Sequence<Int>, count: Int) -> [[UInt8]] {
    guard let descriptor = descriptor(of: path) else { return [] }
    var pieces: [[UInt8]] = []
    for start in starts {
      guard let piece = bytes(descriptor, from: start, count: count), piece.count == count else {
        break
      }
      pieces.append(piece)
    }
    return pieces
  }

  private static func bytes(_ descriptor: CInt, from start: Int, count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    let got = SystemFile.read(descriptor, into: &bytes, at: start)
    return got < 0 ? nil : got == count ? bytes : Array(bytes.prefix(got))
  }

  /// The descriptor of the file that is at a path now; nil where it cannot be read.
  static func descriptor(of path: String) -> CInt? {
    DatabasePlace.status(path).flatMap { try? descriptor(path, Identity($0)) }
  }

  /// What the system says of a file that was opened here, whether or not it still has a name.
  static func status(of file: Identity) -> stat? {
    guard let descriptor = descriptors.withLock({ $0[file] }) else { return nil }
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 ? status : nil
  }

  /// The name that a file has now; nil where it has none, or none that is known.
  static func whereabouts(of file: Identity) -> String? {
    guard let descriptor = descriptors.withLock({ $0[file] }) else { return nil }
    var name = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    #if canImport(Darwin)
      guard unsafe fcntl(descriptor, F_GETPATH, &name) == 0 else { return nil }
    #else
      guard unsafe readlink("/proc/self/fd/\(descriptor)", &name, Int(PATH_MAX)) > 0 else {
        return nil
      }
    #endif
    let path = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return DatabasePlace.status(path).map(Identity.init) == file ? path : nil
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

  /// The descriptor of a file, which is opened where it is not yet.
  static func descriptor(_ path: String, _ identity: Identity) throws -> CInt {
    try descriptors.withLock { descriptors in
      if let known = descriptors[identity] { return known }
      let opened = SystemFile.open(path, O_RDONLY)
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

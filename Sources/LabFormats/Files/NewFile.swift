#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

import Synchronization

/// A file that is written under a name for a while, and takes its place whole, after it is on disk.
///
/// Until then it is `.lstm-lab-RANDOM.tmp` in the same folder. What a process leaves there that is
/// killed, the next one removes that writes into the folder.
package final class NewFile {
  private let path: String
  private let target: String
  private let temporary: String
  private let file: CInt
  private var isInPlace = false

  /// Starts a file; one that is there is replaced when this one is whole.
  ///
  /// - Throws: `LabError` of kind `cannotCreate` or `usage`.
  package init(_ path: String) throws(LabError) {
    try ProtectedFiles.require(path)
    self.path = path
    let target = FileBytes.resolved(path)
    self.target = target
    let named = FileName.split(target).folder
    let folder = named.isEmpty ? "./" : named
    Self.removeLeftovers(folder)
    (temporary, file) = try Self.open(in: folder, for: path)
  }

  deinit {
    if !isInPlace { _ = unsafe unlink(temporary) }
    close(file)
  }

  /// Adds bytes at the end.
  package func write(_ bytes: [UInt8]) throws(LabError) {
    do throws(FileBytes.Failure) {
      try FileBytes.write(bytes, to: file)
    } catch {
      throw error.labError(path)
    }
  }

  /// Brings the file to the disk and puts it in its place.
  package func finish() throws(LabError) {
    while fsync(file) != 0 {
      guard errno == EINTR else { throw FileBytes.Failure(errno).labError(path) }
    }
    guard unsafe rename(temporary, target) == 0 else {
      throw FileBytes.Failure(errno).labError(path)
    }
    isInPlace = true
    FileBytes.syncFolder(of: target)
  }

  private static let prefix = ".lstm-lab-"
  private static let suffix = ".tmp"

  private static func open(
    in folder: String, for path: String
  ) throws(LabError) -> (temporary: String, file: CInt) {
    while true {
      let temporary = folder + prefix + Ownership.randomName() + suffix
      let file = SystemFile.open(temporary, O_RDWR | O_CREAT | O_EXCL)
      guard file >= 0 else { throw FileBytes.Failure(errno, isCreation: true).labError(path) }
      if Ownership.take(file) { return (temporary, file) }
      close(file)
    }
  }

  /// The folders that this process has looked into.
  private static let seen = Mutex<Set<String>>([])

  private static func removeLeftovers(_ folder: String) {
    guard seen.withLock({ $0.insert(folder).inserted }) else { return }
    for name in Ownership.names(in: folder) where Ownership.isOurs(name, prefix, suffix) {
      guard let file = Ownership.inherit(folder + name) else { continue }
      _ = unsafe unlink(folder + name)
      close(file)
    }
  }
}

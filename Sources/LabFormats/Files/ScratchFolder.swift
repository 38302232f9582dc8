import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A folder among the temporary files, as long as the value lives.
///
/// It is `lstm-lab-PURPOSE-RANDOM`, and a file in it, `lock`, is locked. What a process leaves behind
/// that is killed, the next one removes that makes a folder for the same purpose.
package final class ScratchFolder {
  /// Absolute path of the folder.
  package let path: String
  private let lock: CInt

  /// Makes a folder.
  ///
  /// - Parameter purpose: A word for its name.
  /// - Throws: `LabError` of kind `cannotCreate`.
  package init(_ purpose: String) throws(LabError) {
    let parent = FileManager.default.temporaryDirectory.path
    let prefix = "lstm-lab-\(purpose)-"
    Self.removeLeftovers(parent, prefix)
    while true {
      let path = "\(parent)/\(prefix)\(Ownership.randomName())"
      let lock = try Self.make(path)
      if let lock {
        (self.path, self.lock) = (path, lock)
        return
      }
    }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
    close(lock)
  }

  /// - Returns: nil where somebody took the folder for left behind before it was locked.
  private static func make(_ path: String) throws(LabError) -> CInt? {
    guard unsafe mkdir(path, 0o700) == 0 else { throw failure(path, errno) }
    let lock = SystemFile.open(path + "/lock", O_RDWR | O_CREAT | O_EXCL)
    guard lock >= 0 else {
      let code = errno
      _ = unsafe rmdir(path)
      if code == ENOENT { return nil }
      throw failure(path, code)
    }
    if Ownership.take(lock) { return lock }
    close(lock)
    return nil
  }

  private static func failure(_ path: String, _ code: CInt) -> LabError {
    LabError(
      .cannotCreate, "cannot make a folder for temporary files: \(FileBytes.reason(code))",
      where: path, next: "free some space, or set TMPDIR to another folder")
  }

  private static func removeLeftovers(_ parent: String, _ prefix: String) {
    for name in Ownership.names(in: parent) where Ownership.isOurs(name, prefix, "") {
      let path = "\(parent)/\(name)"
      if let lock = Ownership.inherit(path + "/lock") {
        try? FileManager.default.removeItem(atPath: path)
        close(lock)
      } else {
        // One whose maker has not come to its lock, or has removed it, is empty; no other goes.
        _ = unsafe rmdir(path)
      }
    }
  }
}

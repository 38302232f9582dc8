#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension FileBytes {
  /// Writes `bytes` to `path`: an existing file is replaced whole, after its successor is on disk.
  ///
  /// What is no regular file, such as /dev/stdout or a pipe, is written to directly.
  /// - Throws: `LabError` of kind `cannotCreate` or `inputOutput`; then `path` is as it was.
  package static func write(_ bytes: [UInt8], to path: String) throws(LabError) {
    try ProtectedFiles.require(path)
    let target = resolved(path)
    var status = stat()
    if unsafe stat(target, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      guard status.st_mode & S_IFMT != S_IFDIR else {
        throw LabError(
          .cannotCreate, "a folder is where the file was to be written", where: path,
          next: "name a file inside it")
      }
      return try writeDirectly(bytes, to: target)
    }
    let file = try NewFile(path)
    try file.write(bytes)
    try file.finish()
  }

  /// The file that a symbolic link leads to; a path without file stays as it is.
  static func resolved(_ path: String) -> String {
    guard let real = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }

  private static func writeDirectly(_ bytes: [UInt8], to path: String) throws(LabError) {
    let file = SystemFile.open(path, O_WRONLY)
    do throws(Failure) {
      guard file >= 0 else { throw Failure(errno) }
      defer { close(file) }
      try write(bytes, to: file)
    } catch {
      throw error.labError(path)
    }
  }

  static func write(_ bytes: [UInt8], to file: Int32) throws(Failure) {
    var done = 0
    while done < bytes.count {
      let end = min(bytes.count, done + 1 << 30)
      let count = unsafe bytes[done..<end].withUnsafeBytes { buffer in
        unsafe systemWrite(file, buffer)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Failure(errno) }
      done += count
    }
  }

  private static func systemWrite(_ file: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
    #if canImport(Glibc)
      unsafe Glibc.write(file, buffer.baseAddress, buffer.count)
    #else
      unsafe Darwin.write(file, buffer.baseAddress, buffer.count)
    #endif
  }

  /// Makes the renaming durable; a file system that cannot do that is left as it is.
  package static func syncFolder(of path: String) {
    let folder = FileName.split(path).folder
    let file = SystemFile.open(folder.isEmpty ? "." : folder, O_RDONLY)
    guard file >= 0 else { return }
    fsync(file)
    close(file)
  }

  /// A failed system call of a write.
  struct Failure: Error {
    var code: Int32
    var isCreation: Bool

    init(_ code: Int32, isCreation: Bool = false) {
      self.code = code
      self.isCreation = isCreation
    }

    func labError(_ path: String) -> LabError {
      let reason = FileBytes.reason(code)
      return switch code {
      case ENOENT, ENOTDIR:
        LabError(
          .cannotCreate, "cannot create the file: no such folder", where: path,
          next: "create the folder first")
      case ENOSPC, EDQUOT:
        LabError(
          .inputOutput, "the disk is full", where: path, next: "free some space and try again")
      case EACCES, EPERM, EROFS:
        LabError(
          .cannotCreate, "cannot create the file: \(reason)", where: path,
          next: "write to a folder of your own")
      default:
        LabError(
          isCreation ? .cannotCreate : .inputOutput, "cannot write the file: \(reason)",
          where: path, next: "check the path and the disk, or write to another folder")
      }
    }
  }
}

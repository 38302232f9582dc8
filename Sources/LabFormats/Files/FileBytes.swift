#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Whole files in memory, with the system's reason in every error.
package enum FileBytes {
  /// The largest file that is read; a device such as /dev/zero would never end.
  private static let maximumByteCount = 1 << 33

  /// Reads the file at `path`, which messages call a `what` file.
  ///
  /// - Throws: `LabError` of kind `notFound` or `inputOutput`.
  package static func read(_ path: String, what: String) throws(LabError) -> [UInt8] {
    let file = SystemFile.open(path, O_RDONLY)
    guard file >= 0 else { throw readError(path, what: what, code: errno) }
    defer { close(file) }
    var bytes: [UInt8] = []
    var code: Int32 = 0
    while true {
      let chunk = chunk(file, after: bytes.count)
      guard SystemResources.hasMemory(Double(bytes.count + chunk)) else {
        throw LabError(
          .system, "the system gives no memory for the \(what) file", where: path,
          next: "use a smaller one, or raise the limit (ulimit -v)")
      }
      let part = unsafe [UInt8](unsafeUninitializedCapacity: chunk) {
        buffer, count in
        let got = unsafe Self.read(file, into: buffer)
        code = got < 0 ? errno : 0
        count = max(got, 0)
      }
      if code == EINTR { continue }
      if code != 0 { throw readError(path, what: what, code: code) }
      if part.isEmpty { return bytes }
      if bytes.isEmpty { bytes = part } else { bytes += part }
      if bytes.count > maximumByteCount {
        throw LabError(
          .data, "the \(what) file has more than 8 GiB", where: path, next: "use a smaller one")
      }
    }
  }

  /// How much to ask for next: all that is left of a regular file and one byte to see its end.
  private static func chunk(_ file: Int32, after count: Int) -> Int {
    var status = stat()
    let known = unsafe fstat(file, &status) == 0 ? Int(status.st_size) - count + 1 : 0
    return min(max(known, 1 << 16), 1 << 30)
  }

  private static func read(
    _ file: Int32, into buffer: UnsafeMutableBufferPointer<UInt8>
  ) -> Int {
    #if canImport(Glibc)
      unsafe Glibc.read(file, buffer.baseAddress, buffer.count)
    #else
      unsafe Darwin.read(file, buffer.baseAddress, buffer.count)
    #endif
  }

  private static func readError(_ path: String, what: String, code: Int32) -> LabError {
    switch code {
    case ENOENT, ENOTDIR:
      LabError(
        .notFound, "no such \(what) file", where: path,
        next: "check the path; a relative path inside a configuration starts at its folder")
    case EISDIR:
      LabError(
        .notFound, "a folder where a \(what) file was expected", where: path,
        next: "name a file in it")
    case EACCES, EPERM:
      LabError(
        .inputOutput, "the \(what) file may not be read", where: path,
        next: "check its permissions with `ls -l`")
    default:
      LabError(
        .inputOutput, "cannot read the \(what) file: \(reason(code))", where: path,
        next: "check the path and the disk, or take a copy of the file")
    }
  }

  /// The system's words for an error number.
  package static func reason(_ code: Int32) -> String {
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
  }
}

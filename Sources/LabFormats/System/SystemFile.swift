#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The system's calls on files that a signal may interrupt on slow file systems, called until they are done.
package enum SystemFile {
  /// Opens a file; it is closed in programs that this one starts.
  ///
  /// - Returns: The descriptor, or -1 with the reason in `errno`.
  package static func open(_ path: String, _ flags: CInt, permissions: UInt32 = 0o666) -> CInt {
    while true {
      #if canImport(Glibc)
        let file = unsafe Glibc.open(path, flags | O_CLOEXEC, mode_t(permissions))
      #elseif canImport(Musl)
        let file = unsafe Musl.open(path, flags | O_CLOEXEC, mode_t(permissions))
      #else
        let file = unsafe Darwin.open(path, flags | O_CLOEXEC, mode_t(permissions))
      #endif
      if file >= 0 || errno != EINTR { return file }
    }
  }

  /// Reads bytes of a file from a place on, until there is no more room or no more file.
  ///
  /// - Returns: How many, or -1 with the reason in `errno`.
  package static func read(_ file: CInt, into bytes: inout [UInt8], at start: Int) -> Int {
    unsafe bytes.withUnsafeMutableBytes { bytes in
      var done = 0
      while done < bytes.count {
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[done...])
        let got = unsafe pread(file, rest.baseAddress, rest.count, off_t(start + done))
        if got == 0 { break }
        if got < 0, errno != EINTR { return -1 }
        done += max(0, got)
      }
      return done
    }
  }

  /// Writes bytes into a file from a place on.
  ///
  /// - Returns: Whether all were; else the reason is in `errno`.
  package static func write(_ bytes: [UInt8], to file: CInt, at start: Int) -> Bool {
    unsafe bytes.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
        let put = unsafe pwrite(file, rest.baseAddress, rest.count, off_t(start + done))
        if put < 0, errno != EINTR { return false }
        done += max(0, put)
      }
      return true
    }
  }
}

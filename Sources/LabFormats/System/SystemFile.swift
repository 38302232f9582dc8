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
}

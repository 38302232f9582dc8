#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the system gives this process, asked for before it is needed: later nothing could be told.
package enum SystemResources {
  /// Whether the system would give so much memory now, within the limits of this process.
  package static func hasMemory(_ bytes: Double) -> Bool {
    guard bytes > 0 else { return true }
    guard let count = Int(exactly: bytes.rounded(.up)) else { return false }
    let flags = MAP_PRIVATE | (CInt(bitPattern: UInt32(MAP_ANON)))
    let memory = unsafe mmap(nil, count, PROT_READ | PROT_WRITE, flags, -1, 0)
    guard let memory = unsafe memory, unsafe memory != MAP_FAILED else { return false }
    unsafe munmap(memory, count)
    return true
  }
}

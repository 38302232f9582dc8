import Foundation

/// What the program says when it ends because the system gives it no memory.
///
/// Swift's way is to end by a signal where an allocation fails, and what was allocated may be needed by
/// anything; so all that is left to do is one line and the exit code, at once. What a run has stored is safe
/// then as after any other end.
enum MemoryShortage {
  /// Starts to wait for the signals that a failed allocation ends in.
  static func listen() {
    // Who asks for traces of crashes gets them.
    guard unsafe getenv("SWIFT_BACKTRACE") == nil else { return }
    // The stack of the main thread grows, and may be what there is no memory for.
    let size = 1 << 16
    var stack = unsafe stack_t()
    unsafe stack.ss_sp = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    unsafe stack.ss_size = size
    unsafe sigaltstack(&stack, nil)
    for number in [SIGABRT, SIGILL, SIGTRAP, SIGSEGV, SIGBUS] {
      var action = sigaction()
      #if canImport(Darwin)
        unsafe action.__sigaction_u.__sa_handler = { MemoryShortage.end($0) }
      #else
        unsafe action.__sigaction_handler.sa_handler = { MemoryShortage.end($0) }
      #endif
      action.sa_flags = CInt(bitPattern: UInt32(SA_RESETHAND)) | SA_ONSTACK
      unsafe sigaction(number, &action, nil)
    }
  }

  /// As much as must be left for an end to have another cause.
  private static let reserve = 32 << 20

  /// Ends with 71 where there is no memory; else by the signal, as without this. Called in a signal handler:
  /// calls nothing but the system.
  private static func end(_ number: CInt) {
    let flags = MAP_PRIVATE | CInt(bitPattern: UInt32(MAP_ANON))
    let memory = unsafe mmap(nil, reserve, PROT_READ | PROT_WRITE, flags, -1, 0)
    guard let memory = unsafe memory, unsafe memory != MAP_FAILED else {
      let text: StaticString = """
        error: the system gives no more memory (this process)
          end other programs, raise the limit (ulimit -v), or use less data; what was stored is safe

        """
      _ = unsafe write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
      _exit(71)
    }
    unsafe munmap(memory, reserve)
    raise(number)
  }
}

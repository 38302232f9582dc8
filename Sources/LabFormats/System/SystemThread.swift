#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Threads of the system.
enum SystemThread {
  /// The stack of each, as large as the main thread's mostly is: training has thousands of calls in it.
  private static let stackSize = 8 << 20

  /// Starts a thread that runs `body` and ends. It takes no signals: they belong to the main thread, whose
  /// waiting they end.
  ///
  /// - Returns: 0, or the reason why there is no such thread.
  static func start(_ body: @escaping @Sendable () -> Void) -> CInt {
    let context = unsafe Unmanaged.passRetained(Body(body))
    let before = block()
    defer { restore(before) }
    let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
    defer { unsafe attributes.deallocate() }
    unsafe pthread_attr_init(attributes)
    unsafe pthread_attr_setstacksize(attributes, stackSize)
    unsafe pthread_attr_setdetachstate(attributes, CInt(PTHREAD_CREATE_DETACHED))
    let code = unsafe create(attributes, context.toOpaque())
    unsafe pthread_attr_destroy(attributes)
    if code != 0 { unsafe context.release() }
    return code
  }

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private static func create(
    _ attributes: UnsafePointer<pthread_attr_t>, _ context: UnsafeMutableRawPointer
  ) -> CInt {
    #if canImport(Darwin)
      var thread: pthread_t?
      return unsafe pthread_create(
        &thread, attributes,
        { context in
          unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
          return nil
        }, context)
    #else
      var thread = pthread_t()
      return unsafe pthread_create(
        &thread, attributes,
        { context in
          guard let context = unsafe context else { return nil }
          unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
          return nil
        }, context)
    #endif
  }

  /// Blocks the signals of this thread that others send, for a thread that inherits it; returns what was
  /// blocked before.
  private static func block() -> sigset_t {
    var (all, before) = (sigset_t(), sigset_t())
    unsafe sigfillset(&all)
    for number in [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS] {
      unsafe sigdelset(&all, number)
    }
    unsafe pthread_sigmask(SIG_BLOCK, &all, &before)
    return before
  }

  private static func restore(_ signals: sigset_t) {
    var signals = signals
    unsafe pthread_sigmask(SIG_SETMASK, &signals, nil)
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the system gives this process, asked for before it is needed: later nothing could be told.
package enum SystemResources {
  /// Throws where the system would not give `count` threads at a time.
  ///
  /// Without them the queues would wait for ever for a thread to work on.
  package static func requireThreads(_ count: Int) throws(LabError) {
    var lock = unsafe pthread_mutex_t()
    unsafe pthread_mutex_init(&lock, nil)
    var threads: [pthread_t] = []
    // All live until the lock is free, so that they are there at the same time.
    let code = unsafe withUnsafeMutablePointer(to: &lock) { lock in
      unsafe pthread_mutex_lock(lock)
      var code: CInt = 0
      while threads.count < count, code == 0 {
        code = unsafe start(&threads, waitingFor: lock)
      }
      unsafe pthread_mutex_unlock(lock)
      for thread in threads { pthread_join(thread, nil) }
      return code
    }
    unsafe pthread_mutex_destroy(&lock)
    guard code != 0 else { return }
    throw LabError(
      .system, "the system gives no more threads: \(FileBytes.reason(code))", where: "this process",
      next: "end other programs, or raise the limit (ulimit -u)")
  }

  private static func start(
    _ threads: inout [pthread_t], waitingFor lock: UnsafeMutablePointer<pthread_mutex_t>
  ) -> CInt {
    #if canImport(Darwin)
      var thread: pthread_t?
      let code = unsafe pthread_create(
        &thread, nil,
        { lock in
          let lock = unsafe lock.assumingMemoryBound(to: pthread_mutex_t.self)
          unsafe pthread_mutex_lock(lock)
          unsafe pthread_mutex_unlock(lock)
          return nil
        }, lock)
      if let thread, code == 0 { threads.append(thread) }
    #else
      var thread = pthread_t()
      let code = unsafe pthread_create(
        &thread, nil,
        { lock in
          guard let lock = unsafe lock?.assumingMemoryBound(to: pthread_mutex_t.self) else {
            return nil
          }
          unsafe pthread_mutex_lock(lock)
          unsafe pthread_mutex_unlock(lock)
          return nil
        }, lock)
      if code == 0 { threads.append(thread) }
    #endif
    return code
  }

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

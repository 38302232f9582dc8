import NIOPosix

/// The threads that read the database, so that none of them waits for another kind of work.
struct Workers: Sendable {
  /// Those that answer questions.
  let small = NIOThreadPool(numberOfThreads: 2)
  /// The one that answers those that take much memory.
  let large = NIOThreadPool(numberOfThreads: 1)
  /// The one that looks for what is new.
  let watch = NIOThreadPool(numberOfThreads: 1)

  /// Begins their work.
  init() { for pool in pools { pool.start() } }

  /// Ends it, once what they are at is done.
  func stop() { for pool in pools { try? pool.syncShutdownGracefully() } }

  private var pools: [NIOThreadPool] { [small, large, watch] }
}

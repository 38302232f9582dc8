import Foundation
import Lab
import LabFormats
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Serves the pages of a laboratory on 127.0.0.1, to whoever has the token.
///
/// Requests are taken on one thread; questions are answered, and the database is watched, on others.
package final class LabServer: Sendable {
  /// The address for the browser, with its token.
  package let address: String
  /// An address that lets a browser in once, within a minute: others on this machine can see what programs
  /// are started with.
  package let addressOnce: String

  private let group: MultiThreadedEventLoopGroup
  private let workers: Workers
  private let channel: any Channel

  /// How long it is between two looks at the database.
  private static let pause = TimeAmount.milliseconds(100)
  /// The looks between two signs of life.
  private static let looksBetweenSigns = 150

  /// Begins to serve.
  ///
  /// - Parameters:
  ///   - path: The database's path.
  ///   - dataFolder: Where else the data of stored runs may lie.
  ///   - port: The port; 0 for any that is free.
  /// - Throws: `LabError` where the database cannot be read, and where the port is taken or may not be used.
  package init(path: String, dataFolder: String?, port: Int) throws {
    let laboratory = ServedLaboratory(path: path, dataFolder: dataFolder)
    try laboratory.require()
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let workers = Workers()
    let loop = group.next()
    let shared = Mutex<NIOLoopBound<Site>?>(nil)
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 64)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard let site = shared.withLock({ $0 })?.value else { throw ChannelError.eof }
          try channel.pipeline.syncOperations.configureHTTPServerPipeline(
            withEncoderConfiguration: .init(), withDecoderLimitConfiguration: Self.limits)
          try channel.pipeline.syncOperations.addHandler(ConnectionHandler(site, channel))
        }
      }
      .childChannelOption(.socketOption(.so_keepalive), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
    do {
      channel = try bootstrap.bind(host: "127.0.0.1", port: port).wait()
    } catch {
      workers.stop()
      try? group.syncShutdownGracefully()
      throw Self.cannotListen(port, error)
    }
    self.group = group
    self.workers = workers
    let bound = channel.localAddress?.port ?? port
    let gate = Gate(port: bound)
    let place = "http://127.0.0.1:\(bound)/?token="
    (address, addressOnce) = (place + gate.token, place + gate.tokenOnce)
    try loop.submit {
      let site = Site(laboratory, gate: gate, workers: workers, loop: loop)
      shared.withLock { $0 = NIOLoopBound(site, eventLoop: loop) }
      Self.watch(path, for: site, on: loop, workers.watch)
    }.wait()
  }

  /// A request is a line and a few headers.
  private static let limits: NIOHTTPDecoderLimitConfiguration = {
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderFieldSize = 8 << 10
    limits.maxHeaderListSize = 16 << 10
    limits.maxHeaderFieldCount = 64
    return limits
  }()

  /// Looks at the database again and again, as long as anybody wants to know.
  private static func watch(
    _ path: String, for site: Site, on loop: any EventLoop, _ thread: NIOThreadPool
  ) {
    let watch = Mutex(LaboratoryWatch(path: path))
    let site = NIOLoopBound(site, eventLoop: loop)
    let looks = Atomic(0)
    loop.scheduleRepeatedAsyncTask(initialDelay: .zero, delay: pause) { _ in
      let number = looks.add(1, ordering: .relaxed).newValue
      let hub = site.value.hub
      hub.care(isTimeForSign: number % looksBetweenSigns == 0)
      if hub.isEmpty { return loop.makeSucceededVoidFuture() }
      return thread.runIfActive(eventLoop: loop) { watch.withLock { $0.look() } }
        .map { events in for event in events { site.value.hub.publish(event) } }
    }
  }

  private static func cannotListen(_ port: Int, _ error: any Error) -> LabError {
    let code = (error as? IOError)?.errnoCode
    let why =
      switch code {
      case EADDRINUSE: "port \(port) is taken by another program"
      case EACCES: "port \(port) needs administrator rights"
      default: "cannot listen on port \(port): \(error)"
      }
    return LabError(
      .cannotCreate, why, where: "--port",
      next: "name another one; with --port 0 one that is free is taken")
  }

  /// Ends all connections and serves no more.
  package func stop() {
    try? channel.close().wait()
    workers.stop()
    try? group.syncShutdownGracefully()
  }
}

import Lab
import LabFormats
import NIOCore
import NIOHTTP1
import NIOPosix

/// What the connections of a server share. It lives on the server's event loop.
final class Site {
  var gate: Gate
  let hub = EventHub()
  private let laboratory: ServedLaboratory
  private let workers: Workers
  private let loop: any EventLoop
  private var connections: [ObjectIdentifier: ConnectionHandler] = [:]
  private var waiting = 0

  private static let mostConnections = 100
  /// The questions that may wait for an answer, over all connections.
  private static let mostWaiting = 64

  init(_ laboratory: ServedLaboratory, gate: Gate, workers: Workers, loop: any EventLoop) {
    self.laboratory = laboratory
    self.gate = gate
    self.workers = workers
    self.loop = loop
  }

  /// Makes room for a connection, if need be by ending the one that has been idle for longest.
  ///
  /// - Returns: Whether there is room.
  func admit(_ connection: ConnectionHandler) -> Bool {
    if connections.count >= Self.mostConnections {
      let idle = connections.values.filter(\.isIdle).min { $0.lastActive < $1.lastActive }
      guard let idle else { return false }
      remove(idle)
      idle.close()
    }
    connections[ObjectIdentifier(connection)] = connection
    return true
  }

  func remove(_ connection: ConnectionHandler) {
    connections[ObjectIdentifier(connection)] = nil
    hub.remove(connection)
  }

  /// Answers a question on another thread.
  func answer(_ question: ServedQuestion) -> EventLoopFuture<Response> {
    guard waiting < Self.mostWaiting else {
      return loop.makeSucceededFuture(
        Response(.serviceUnavailable, "too much is asked at once; ask again in a moment"))
    }
    waiting += 1
    let threads = question.isLarge ? workers.large : workers.small
    let answered = threads.runIfActive(eventLoop: loop) { [laboratory] in
      do { return Response(try laboratory.answer(question)) } catch {
        return Response(error, toPage: question.isPage)
      }
    }
    answered.assumeIsolated().whenComplete { _ in self.waiting -= 1 }
    return answered
  }
}

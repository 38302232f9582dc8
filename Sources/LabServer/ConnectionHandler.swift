import Lab
import LabFormats
import NIOCore
import NIOHTTP1

/// One connection: takes a request, answers it, waits for the next; or tells events for as long as the page is
/// open.
final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  /// How long a request may take to arrive, and an idle connection stays.
  private static let patience = TimeAmount.seconds(20)
  /// How long an answer may take to be taken in.
  private static let writingPatience = TimeAmount.seconds(60)

  private let site: Site
  private let channel: any Channel
  /// A request that the gate lets pass, of which the end is still to come.
  private var request: (head: HTTPRequestHead, target: RequestTarget, verdict: Gate.Verdict)?
  private var deadline: Scheduled<Void>?
  /// Whether nothing is being answered.
  private(set) var isIdle = true
  private(set) var lastActive = NIODeadline.now()

  init(_ site: Site, _ channel: any Channel) {
    self.site = site
    self.channel = channel
  }

  func channelActive(context: ChannelHandlerContext) {
    guard site.admit(self) else { return close() }
    wait(Self.patience)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    deadline?.cancel()
    site.remove(self)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { close() }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      let target = RequestTarget(head.uri)
      let verdict = site.gate.verdict(on: head, target)
      // What has a body is refused before that has arrived.
      if case .refused(let status, let why) = verdict {
        isIdle = false
        send(Response(status, why), to: head, closing: true)
      } else if let target {
        request = (head, target, verdict)
      }
    case .body: break
    case .end:
      guard let (head, target, verdict) = request else { return }
      request = nil
      isIdle = false
      deadline?.cancel()
      if verdict == .cookie {
        send(Response(cookie: site.gate.cookie), to: head)
      } else {
        answer(target, to: head)
      }
    }
  }

  /// Answers an admitted request.
  private func answer(_ target: RequestTarget, to head: HTTPRequestHead) {
    if target.path == "/events" { return stream(head) }
    // Browsers ask for it, and complain where there is nothing.
    if target.path == "/favicon.ico" { return send(Response(.noContent, nil), to: head) }
    let question: ServedQuestion?
    do throws(LabError) {
      question = try ServedQuestion(path: target.path, query: target.query)
    } catch {
      return send(Response(error, toPage: target.path.hasPrefix("/runs/")), to: head)
    }
    guard let question else {
      return send(Response(.notFound, "there is nothing at this path"), to: head)
    }
    site.answer(question).assumeIsolated().whenSuccess { self.send($0, to: head) }
  }

  private func send(_ response: Response, to head: HTTPRequestHead, closing: Bool = false) {
    guard channel.isActive else { return }
    wait(Self.writingPatience)
    let isClosing = closing || !head.isKeepAlive
    write(.head(response.head(closing: isClosing)))
    if head.method != .HEAD {
      write(.body(.byteBuffer(ByteBuffer(bytes: response.bytes))))
    }
    let written = channel.eventLoop.makePromise(of: Void.self)
    written.futureResult.assumeIsolated().whenComplete { result in
      if isClosing { return self.close() }
      self.isIdle = true
      self.lastActive = .now()
      self.wait(Self.patience)
    }
    channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: written)
  }

  private func write(_ part: HTTPServerResponsePart) { channel.write(part, promise: nil) }

  /// Ends the connection where nothing happens for so long.
  private func wait(_ time: TimeAmount) {
    deadline?.cancel()
    deadline = channel.eventLoop.assumeIsolated().scheduleTask(in: time) { self.close() }
  }

  /// Ends the connection.
  func close() { channel.close(promise: nil) }
}

extension ConnectionHandler: EventHub.Viewer {
  private func stream(_ head: HTTPRequestHead) {
    guard !site.hub.isFull else {
      return send(Response(.serviceUnavailable, "too many pages are open"), to: head)
    }
    var headers = HTTPHeaders(Response.guards)
    headers.add(name: "Content-Type", value: "text/event-stream")
    headers.add(name: "Cache-Control", value: "no-store")
    write(.head(HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)))
    if head.method == .HEAD {
      channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
      return close()
    }
    site.hub.add(self, after: head.headers.first(name: "last-event-id"))
  }

  var isReading: Bool { channel.isWritable }

  func tell(_ text: String) {
    channel.writeAndFlush(
      HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: text))), promise: nil)
  }

  func leave() { close() }
}

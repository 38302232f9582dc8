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
  private var head: HTTPRequestHead?
  private var deadline: Scheduled<Void>?
  private var isStreaming = false
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
      self.head = head
      // What has a body is refused before that has arrived.
      let target = RequestTarget(head.uri)
      if case .refused(let status, let why) = site.gate.verdict(on: head, target) {
        self.head = nil
        isIdle = false
        send(Response(status, why), to: head, closing: true)
      }
    case .body: break
    case .end:
      guard let head else { return }
      self.head = nil
      isIdle = false
      deadline?.cancel()
      take(head)
    }
  }

  /// Answers a request that the gate lets pass.
  private func take(_ head: HTTPRequestHead) {
    let target = RequestTarget(head.uri)
    guard let target, site.gate.verdict(on: head, target) != .cookie else {
      return send(Response(cookie: site.gate.cookie), to: head)
    }
    if target.path == "/events" { return stream(head) }
    // Browsers ask for it, and complain where there is nothing.
    if target.path == "/favicon.ico" { return send(Response(.noContent, nil), to: head) }
    let question: ServedQuestion?
    do throws(LabError) {
      question = try ServedQuestion(path: target.path, query: target.query)
    } catch {
      return send(Response(error), to: head)
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
    write(.head(HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)))
    if head.method == .HEAD {
      channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
      return close()
    }
    isStreaming = true
    site.hub.add(self, after: head.headers.first(name: "last-event-id"))
  }

  var isReading: Bool { channel.isWritable }

  func tell(_ text: String) {
    channel.writeAndFlush(
      HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: text))), promise: nil)
  }

  func leave() { close() }
}

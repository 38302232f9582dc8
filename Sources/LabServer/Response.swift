import Lab
import LabFormats
import NIOCore
import NIOHTTP1

/// What goes back for a request.
struct Response {
  let status: HTTPResponseStatus
  let type: String
  let bytes: [UInt8]
  /// Whether a browser may keep it.
  var isLasting = false
  /// Headers beside those that every answer has.
  var more: [(String, String)] = []

  /// An answer to a question.
  init(_ answer: ServedAnswer) {
    (status, type, bytes) = (.ok, answer.type, answer.bytes)
    isLasting = answer.isLasting
  }

  /// An error in answer to a question.
  ///
  /// - Parameter isPage: Whether a page of runs was asked for.
  init(_ error: any Error, toPage isPage: Bool) {
    let error = error as? LabError ?? LabError(.software, "\(error)")
    let answer = ServedAnswer(error, toPage: isPage)
    (type, bytes) = (answer.type, answer.bytes)
    status =
      switch error.kind {
      case .usage: .badRequest
      case .notFound: .notFound
      case .busy: .serviceUnavailable
      default: .internalServerError
      }
  }

  /// A few words, or none.
  init(_ status: HTTPResponseStatus, _ text: String?) {
    self.status = status
    type = "text/plain; charset=utf-8"
    bytes = text.map { Array("\(status.code): \($0)\n".utf8) } ?? []
    if status == .methodNotAllowed { more = [("Allow", "GET, HEAD")] }
  }

  /// Gives the cookie, and asks for the page without the token. Not by a redirection: a browser that came by
  /// a link of another site would not send a strict cookie with it.
  init(cookie: String) {
    status = .ok
    type = "text/html; charset=utf-8"
    bytes = Array(
      """
      <!doctype html><html lang="en"><head><meta charset="utf-8"><title>lstm-lab</title>
      <meta http-equiv="refresh" content="0;url=/"></head>
      <body><p><a href="/">To the laboratory</a></p></body></html>

      """.utf8)
    more = [("Set-Cookie", cookie)]
  }

  /// The headers of every answer: the page may load from here alone, runs no script but ours, is framed by
  /// nobody and read by no other site.
  static let guards: [(String, String)] = [
    (
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
  ]

  /// The head, with the answer's length.
  func head(closing: Bool) -> HTTPResponseHead {
    var headers = HTTPHeaders(Self.guards)
    headers.add(name: "Content-Type", value: type)
    // What the database tells is kept nowhere.
    headers.add(
      name: "Cache-Control", value: isLasting ? "private, max-age=31536000, immutable" : "no-store")
    if status != .noContent { headers.add(name: "Content-Length", value: String(bytes.count)) }
    for (name, value) in more { headers.add(name: name, value: value) }
    if closing { headers.add(name: "Connection", value: "close") }
    return HTTPResponseHead(version: .http1_1, status: status, headers: headers)
  }
}

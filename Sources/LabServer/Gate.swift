import NIOCore
import NIOHTTP1

/// Who may ask: a browser on this machine that was given the address with its token.
struct Gate {
  /// What a request comes to before its question is looked at.
  enum Verdict: Equatable {
    case admitted
    /// The right token: the browser is given a cookie, and asks again without the token.
    case cookie
    case refused(HTTPResponseStatus, String)
  }

  /// What the address that is printed ends in.
  let token: String
  /// A token that is good once, within a minute.
  let tokenOnce: String
  private var onceUntil: NIODeadline? = .now() + .minutes(1)
  private let session: String
  private let hosts: Set<String>
  private let cookieName: String

  init(port: Int) {
    token = Self.secret()
    tokenOnce = Self.secret()
    session = Self.secret()
    hosts = ["127.0.0.1:\(port)", "localhost:\(port)"]
    // Cookies do not tell ports apart: another laboratory's has another name.
    cookieName = "lstm-lab-\(port)"
  }

  /// The line that gives the browser its cookie.
  var cookie: String { "\(cookieName)=\(session); Path=/; HttpOnly; SameSite=Strict" }

  /// Looks at a request.
  mutating func verdict(on head: HTTPRequestHead, _ target: RequestTarget?) -> Verdict {
    let named = head.headers["host"]
    // A page of another name that was made to lead here (DNS rebinding) has that name in its Host.
    guard named.count == 1, hosts.contains(named[0].lowercased()) else {
      return .refused(
        .misdirectedRequest,
        "this server answers under the address that it printed, with the same port")
    }
    guard head.method == .GET || head.method == .HEAD else {
      return .refused(.methodNotAllowed, "pages are read here, and nothing else")
    }
    let hasBody =
      head.headers.contains(name: "transfer-encoding")
      || head.headers["content-length"].contains { $0 != "0" }
    guard !hasBody else { return .refused(.badRequest, "a question has no body") }
    guard let target else { return .refused(.badRequest, "not a valid path") }
    if target.path == "/", let given = target.query.first(where: { $0.name == "token" }) {
      return isGood(given.value) ? .cookie : .refused(.unauthorized, Self.advice)
    }
    let cookies = head.headers["cookie"].flatMap { $0.split(separator: ";") }.map { pair in
      String(pair.drop { $0 == " " })
    }
    let own = cookies.filter { $0.hasPrefix(cookieName + "=") }
    guard own.contains(where: { Self.isSame(String($0.dropFirst(cookieName.count + 1)), session) })
    else { return .refused(.unauthorized, Self.advice) }
    return .admitted
  }

  private mutating func isGood(_ given: String) -> Bool {
    if Self.isSame(given, token) { return true }
    guard let end = onceUntil, Self.isSame(given, tokenOnce) else { return false }
    onceUntil = nil
    return NIODeadline.now() < end
  }

  private static let advice =
    "open the address that lstm-lab serve printed when it began, with its token"

  /// 256 random bits from the system, in hexadecimal.
  private static func secret() -> String {
    (0..<32).map { _ in
      let byte = UInt8.random(in: .min ... .max)
      return String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }.joined()
  }

  /// Compares in a time that does not tell how much is right.
  private static func isSame(_ given: String, _ secret: String) -> Bool {
    let (a, b) = (Array(given.utf8), Array(secret.utf8))
    guard a.count == b.count else { return false }
    return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}

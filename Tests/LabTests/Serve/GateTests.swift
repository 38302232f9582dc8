import Foundation
import Testing

/// Who is let in, and what is refused, over real connections.
struct GateTests {
  /// A folder with a run of three epochs.
  static func laboratory() throws -> Workplace {
    let place = try Workplace()
    try place.write(Trial(epochs: 3))
    try place.lab("run", "config.json", "-q")
    return place
  }

  @Test func `what is no question of an admitted browser is refused, and the server goes on`()
    throws
  {
    let place = try Self.laboratory()
    let server = try LiveServer(place)
    let before = try place.bytes("lab.db")
    let cookie = try server.cookie()
    let host = "Host: 127.0.0.1:\(server.port)\r\n"
    let own = "Cookie: \(cookie)\r\n"
    let cases: [(request: String, status: Int)] = [
      ("GET / HTTP/1.1\r\n\(host)\(own)", 200),
      ("GET / HTTP/1.1\r\nHost: LOCALHOST:\(server.port)\r\n\(own)", 200),
      ("HEAD / HTTP/1.1\r\n\(host)\(own)", 200),
      ("GET / HTTP/1.1\r\n\(host)Cookie: a=b; \(cookie); c=d\r\n", 200),
      // Another name, as a page of another site would have it.
      ("GET / HTTP/1.1\r\nHost: evil.example\r\n\(own)", 421),
      ("GET / HTTP/1.1\r\nHost: evil.example:\(server.port)\r\n\(own)", 421),
      ("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\(own)", 421),
      ("GET / HTTP/1.1\r\nHost: 127.0.0.1.evil.example:\(server.port)\r\n\(own)", 421),
      ("GET / HTTP/1.1\r\n\(host)\(host)\(own)", 421),
      ("GET / HTTP/1.1\r\nHost: evil.example\r\n\(host)\(own)", 421),
      ("GET / HTTP/1.1\r\n\(own)", 421),
      ("GET /?token=\(server.token) HTTP/1.1\r\nHost: evil.example\r\n", 421),
      // No token, a wrong one, a wrong cookie, the token in place of the cookie.
      ("GET / HTTP/1.1\r\n\(host)", 401),
      ("GET /api/runs HTTP/1.1\r\n\(host)", 401),
      ("GET /events HTTP/1.1\r\n\(host)", 401),
      ("GET /run.js HTTP/1.1\r\n\(host)", 401),
      ("GET /?token=\(String(repeating: "0", count: 64)) HTTP/1.1\r\n\(host)\(own)", 401),
      ("GET /?token= HTTP/1.1\r\n\(host)", 401),
      ("GET /api/runs?token=\(server.token) HTTP/1.1\r\n\(host)", 401),
      ("GET / HTTP/1.1\r\n\(host)Cookie: \(cookie)0\r\n", 401),
      ("GET / HTTP/1.1\r\n\(host)Cookie: \(cookie.prefix { $0 != "=" })=\(server.token)\r\n", 401),
      // What is not reading.
      ("POST / HTTP/1.1\r\n\(host)\(own)Content-Length: 0\r\n", 405),
      ("DELETE /api/run?run=1 HTTP/1.1\r\n\(host)\(own)", 405),
      ("OPTIONS * HTTP/1.1\r\n\(host)\(own)", 405),
      ("GET / HTTP/1.1\r\n\(host)\(own)Content-Length: 5\r\n", 400),
      ("GET / HTTP/1.1\r\n\(host)\(own)Transfer-Encoding: chunked\r\n", 400),
      // What is no path of ours.
      ("GET /../lab.db HTTP/1.1\r\n\(host)\(own)", 404),
      ("GET /lab.db HTTP/1.1\r\n\(host)\(own)", 404),
      ("GET /%2e%2e/lab.db HTTP/1.1\r\n\(host)\(own)", 404),
      ("GET //etc/passwd HTTP/1.1\r\n\(host)\(own)", 404),
      ("GET /page.css/ HTTP/1.1\r\n\(host)\(own)", 404),
      ("GET http://127.0.0.1:\(server.port)/ HTTP/1.1\r\n\(host)\(own)", 400),
      ("GET /runs/ HTTP/1.1\r\n\(host)\(own)", 400),
      ("GET /runs/1,,2 HTTP/1.1\r\n\(host)\(own)", 400),
      ("GET /runs/-1 HTTP/1.1\r\n\(host)\(own)", 400),
      ("GET /runs/9 HTTP/1.1\r\n\(host)\(own)", 404),
      ("GET /runs/99999999999999999999 HTTP/1.1\r\n\(host)\(own)", 400),
      ("GET /api/run HTTP/1.1\r\n\(host)\(own)", 400),
      ("GET /api/run?run=1&run=1 HTTP/1.1\r\n\(host)\(own)", 400),
      ("GET /api/run?run=1&sql=DROP HTTP/1.1\r\n\(host)\(own)", 400),
      ("GET /api/runs?sort=config;-- HTTP/1.1\r\n\(host)\(own)", 400),
      ("GET /api/runs?search=%ff HTTP/1.1\r\n\(host)\(own)", 400),
      ("GET /api/runs?search=%4 HTTP/1.1\r\n\(host)\(own)", 400),
      ("GET /api/runs?limit=-1 HTTP/1.1\r\n\(host)\(own)", 400),
      ("GET /api/frame?film=weights-1&epoch=99 HTTP/1.1\r\n\(host)\(own)", 404),
      ("GET /api/frame?film=..%2fweights-1&epoch=1 HTTP/1.1\r\n\(host)\(own)", 400),
      ("GET /api/samples?run=1&samples=999 HTTP/1.1\r\n\(host)\(own)", 200),
      // What is no request.
      ("HELLO\r\n", 400), ("GET / HTTP/9.9\r\n\(host)", 400), ("\u{0}\u{1}\u{2}\r\n", 400),
      ("GET / HTTP/1.1\r\n\(host)\(own)X: \(String(repeating: "x", count: 9_000))\r\n", 400),
      (
        "GET / HTTP/1.1\r\n\(host)\(own)"
          + (0..<100).map { "X-\($0): y\r\n" }.joined(), 400
      ),
      ("GET /\(String(repeating: "x", count: 9_000)) HTTP/1.1\r\n\(host)\(own)", 400),
    ]
    for (request, status) in cases {
      let answer = try server.exchange(request)
      #expect(
        answer.status == status, "\(request.prefix(200)): \(answer.head) \(answer.body.prefix(300))"
      )
    }
    #expect(server.isRunning)
    #expect(try place.bytes("lab.db") == before)
    #expect(try place.names().filter { !$0.hasPrefix("lab.db") } == ["config.json"])
  }

  @Test func `every answer keeps others out`() throws {
    let place = try Self.laboratory()
    let server = try LiveServer(place)
    let cookie = try server.cookie()
    for path in [
      "/", "/runs/1", "/page.css", "/run.js", "/api/runs", "/nothing", "/api/run?run=9",
      "/runs/1,,2",
    ] {
      let head = try server.get(path, cookie: cookie).head.map { $0.lowercased() }
      let policy = try #require(head.first { $0.hasPrefix("content-security-policy: ") })
      #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"))
      for line in [
        "x-content-type-options: nosniff", "cache-control: no-store",
        "referrer-policy: no-referrer",
        "cross-origin-resource-policy: same-origin", "x-frame-options: deny",
      ] { #expect(head.contains(line), "\(path): \(line)") }
      #expect(!head.contains { $0.hasPrefix("access-control") })
    }
    // What pages name with its version is kept; under another version it may be another.
    let page = try server.get("/", cookie: cookie).body
    for name in ["page.css", "index.js"] {
      let start = try #require(page.range(of: "/\(name)?v="))
      let path = page[start.lowerBound...].prefix { $0 != "\"" }
      let kept = try server.get(String(path), cookie: cookie)
      #expect(kept.head.contains { $0.hasSuffix("max-age=31536000, immutable") })
      for other in ["/\(name)", "\(path)0"] {
        let answer = try server.get(other, cookie: cookie)
        #expect(answer.head.contains { $0.hasSuffix(": no-store") } && answer.body == kept.body)
      }
    }
    let given = try server.exchange(
      "GET /?token=\(server.token) HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n")
    let line = try #require(given.head.first { $0.lowercased().hasPrefix("set-cookie") })
    #expect(line.hasSuffix("; Path=/; HttpOnly; SameSite=Strict"))
    #expect(!line.contains(server.token) && !given.body.contains(server.token))
  }

  @Test func `it listens on this machine alone`() throws {
    #if os(Linux)
      let place = try Self.laboratory()
      let server = try LiveServer(place)
      let folder = "/proc/\(server.process.processIdentifier)"
      let sockets = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/fd").compactMap {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/fd/\($0)")
      }.filter { $0.hasPrefix("socket:[") }.map { $0.dropFirst(8).dropLast() }
      var listening: [Substring] = []
      for name in ["tcp", "tcp6", "udp", "udp6"] {
        let text = (try? String(contentsOfFile: "\(folder)/net/\(name)", encoding: .utf8)) ?? ""
        for line in text.split(separator: "\n").dropFirst() {
          let fields = line.split(separator: " ", omittingEmptySubsequences: true)
          let isListening = name.hasPrefix("udp") || fields[3] == "0A"
          if isListening, sockets.contains(fields[9]) { listening.append(fields[1]) }
        }
      }
      #expect(
        listening == ["0100007F:\(String(server.port, radix: 16, uppercase: true).leftPadded)"])
    #endif
  }

  @Test func `a wrong start is an error with its exit code`() throws {
    let place = try Workplace()
    #expect(try place.run("serve", "--port", "0").status == 66)
    try place.write("no database", to: "other.db")
    #expect(try place.run("serve", "--port", "0", "--db", "other.db").status == 65)
    try place.write(Trial(epochs: 1))
    try place.lab("run", "config.json", "-q")
    for port in ["-1", "65536", "x"] {
      #expect(try place.run("serve", "--port=\(port)").status == 64, "\(port)")
    }
    let server = try LiveServer(place)
    let taken = try place.run("serve", "--port", "\(server.port)")
    #expect(taken.status == 73 && taken.errors.contains("--port 0"), "\(taken.errors)")
    #expect(taken.output.isEmpty)
  }

  @Test(arguments: [SIGINT, SIGTERM]) func `a signal ends it well`(signal: CInt) throws {
    let place = try Self.laboratory()
    let server = try LiveServer(place)
    let events = try LiveServer.Connection(to: server.port)
    events.send(
      "GET /events HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nCookie: \(try server.cookie())\r\n\r\n"
    )
    _ = events.read(until: "event: runs")
    kill(server.process.processIdentifier, signal)
    server.process.waitUntilExit()
    #expect(server.process.status == 0)
    #expect(events.readToEnd().count < 100)
  }
}

extension String {
  /// Four digits.
  fileprivate var leftPadded: String { String(repeating: "0", count: max(0, 4 - count)) + self }
}

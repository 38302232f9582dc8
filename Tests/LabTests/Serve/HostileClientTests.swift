import Foundation
import Testing

/// Clients that mean no good, or have bad luck.
struct HostileClientTests {
  private func isAnswered(_ server: LiveServer, _ cookie: String) throws -> Bool {
    try server.get("/api/runs", cookie: cookie).status == 200
  }

  @Test func `lines without an end are cut, and a crowd of idle connections keeps nobody out`()
    throws
  {
    let place = try GateTests.laboratory()
    let server = try LiveServer(place)
    let cookie = try server.cookie()
    let megabyte = String(repeating: "x", count: 1 << 20)
    for begin in ["GET / HTTP/1.1\r\nHost: ", "GET /", "X", "GET / HTTP/1.1\r\nA: b\r\n", ""] {
      let connection = try LiveServer.Connection(to: server.port)
      connection.send(begin)
      var isTaken = true
      for _ in 0..<3 where isTaken { isTaken = connection.send(megabyte) }
      let answer = LiveServer.Answer(connection.readToEnd())
      #expect(answer.status == 400 || answer.status == 0, "\(begin): \(answer.head)")
    }
    #expect(try isAnswered(server, cookie))
    let idle = try (0..<500).map { number in
      let connection = try LiveServer.Connection(to: server.port)
      if number % 2 == 0 { connection.send("GET / HTTP/1.1\r\n") }
      return connection
    }
    for _ in 0..<20 { #expect(try isAnswered(server, cookie)) }
    // Most have been ended to make room.
    #if os(Linux)
      let open = try FileManager.default.contentsOfDirectory(
        atPath: "/proc/\(server.process.processIdentifier)/fd"
      ).count
      #expect(open < 180)
    #endif
    for connection in idle { connection.close() }
    #expect(try isAnswered(server, cookie) && server.isRunning)
  }

  @Test func `who sends too slowly is left`() throws {
    let place = try GateTests.laboratory()
    let server = try LiveServer(place)
    let cookie = try server.cookie()
    let slow = try LiveServer.Connection(to: server.port)
    let bytes = Array(
      "GET / HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nCookie: \(cookie)\r\n\r\n")
    var sent = 0
    while sent < bytes.count, slow.send(String(bytes[sent])) {
      sent += 1
      usleep(700_000)
    }
    #expect(sent > 5 && sent < bytes.count)
    #expect(slow.readToEnd().isEmpty)
    #expect(try isAnswered(server, cookie))
  }

  @Test func `requests in a row are answered in their order`() throws {
    let place = try GateTests.laboratory()
    let server = try LiveServer(place)
    let cookie = try server.cookie()
    let connection = try LiveServer.Connection(to: server.port)
    let paths = (0..<40).map {
      $0 % 2 == 0 ? "/api/frame?film=weights-1&epoch=\($0 / 2 % 4)" : "/none\($0)"
    }
    let requests = paths.enumerated().map { number, path in
      "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nCookie: \(cookie)\r\n"
        + (number == paths.count - 1 ? "Connection: close\r\n" : "") + "\r\n"
    }
    connection.send(requests.joined())
    let text = String(decoding: connection.readToEnd(), as: UTF8.self)
    let statuses = text.components(separatedBy: "HTTP/1.1 ").dropFirst().map { $0.prefix(3) }
    #expect(statuses == paths.map { $0.hasPrefix("/none") ? "404" : "200" })
  }

  @Test func `pages that vanish are forgotten, and too many are refused`() throws {
    let place = try GateTests.laboratory()
    let server = try LiveServer(place)
    let cookie = try server.cookie()
    let request =
      "GET /events HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nCookie: \(cookie)\r\n\r\n"
    for _ in 0..<3 {
      let viewers = try (0..<32).map { _ in
        let viewer = try LiveServer.Connection(to: server.port)
        viewer.send(request)
        return viewer
      }
      for viewer in viewers { #expect(viewer.read(until: "event: runs").contains("200 OK")) }
      let more = try LiveServer.Connection(to: server.port)
      more.send(request)
      #expect(more.read(until: "\r\n\r\n").contains("503"))
      for viewer in viewers { viewer.close() }
      // Their places are free again.
      var isIn = false
      for _ in 0..<600 where !isIn {
        let viewer = try LiveServer.Connection(to: server.port)
        viewer.send(request)
        isIn = viewer.read(until: "\r\n\r\n").contains("200 OK")
        usleep(50_000)
      }
      #expect(isIn)
    }
    #expect(try isAnswered(server, cookie))
  }
}

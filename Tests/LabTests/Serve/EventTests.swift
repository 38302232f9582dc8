import Foundation
import Testing

/// What open pages are told without having asked.
struct EventTests {
  /// A page's connection for events.
  private final class Viewer {
    private let connection: LiveServer.Connection
    private var text = ""

    init(_ server: LiveServer, _ cookie: String, after id: String? = nil) throws {
      connection = try LiveServer.Connection(to: server.port)
      let last = id.map { "Last-Event-ID: \($0)\r\n" } ?? ""
      connection.send(
        "GET /events HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nCookie: \(cookie)\r\n\(last)\r\n"
      )
    }

    /// Reads until an event has come that a test accepts; nil where none comes within two minutes.
    func next(_ accepts: (String) -> Bool) -> String? {
      let end = ContinuousClock.now + .seconds(120)
      while ContinuousClock.now < end {
        if let end = text.range(of: "\n\n") {
          let event = String(text[..<end.lowerBound])
          text = String(text[end.upperBound...])
          if accepts(event) { return event }
          continue
        }
        let more = connection.read()
        if more.isEmpty { return nil }
        text += String(decoding: more, as: UTF8.self)
      }
      return nil
    }

    func close() { connection.close() }
  }

  private func id(of event: String) -> String {
    let line = event.split(separator: "\n").first { $0.contains("id: ") } ?? ""
    return String(line[(line.range(of: "id: ")?.upperBound ?? line.endIndex)...])
  }

  @Test func `a run is told from its first epoch to its end, and who slept is told what it missed`()
    throws
  {
    let place = try GateTests.laboratory()
    let server = try LiveServer(place)
    let cookie = try server.cookie()
    let viewer = try Viewer(server, cookie)
    let first = try #require(viewer.next { $0.contains("event: runs") })
    // The server's first look is at what is there already.
    usleep(500_000)
    try place.lab("tag", "1", "--add", "seen")
    let tagged = try #require(viewer.next { $0.contains("event: runs") })
    #expect(tagged.contains(#""runs":[],"gone":[]"#))
    try place.write(Trial(name: "long", epochs: 1_000_000))
    let run = try LiveProgram(["run", "config.json"], in: place)
    run.read(upTo: 3)
    let running = try #require(viewer.next { $0.contains(#""run":2,"status":"running""#) })
    viewer.close()
    run.read(upTo: 9)
    _ = try run.killNow()
    let back = try Viewer(server, cookie, after: id(of: running))
    let crashed = try #require(back.next { $0.contains(#""run":2,"status":"crashed""#) })
    let epochs = try place.sqlite("SELECT epochs FROM runs WHERE run_id = 2")
    #expect(crashed.contains(#""epochs":\#(epochs)"#))
    try place.lab("delete", "2", "--yes")
    #expect(back.next { $0.contains(#""gone":[2]"#) } != nil)
    // Ids that this server does not know.
    for unknown in ["other-1", "nonsense", id(of: first).replacing("-", with: "-9999")] {
      let stranger = try Viewer(server, cookie, after: unknown)
      #expect(stranger.next { $0.contains("event: ") }?.contains("event: reset") == true)
    }
  }

  @Test func `two who watch are told the same, and one that was away what it has missed`()
    throws
  {
    let place = try GateTests.laboratory()
    let server = try LiveServer(place)
    let cookie = try server.cookie()
    let viewers = try (0..<2).map { _ in try Viewer(server, cookie) }
    for viewer in viewers { _ = viewer.next { $0.contains("event: runs") } }
    usleep(500_000)
    try place.lab("tag", "1", "--add", "seen")
    let seen = try viewers.map { viewer in
      try #require(viewer.next { $0.contains("event: runs") })
    }
    #expect(seen[0] == seen[1])
    viewers[0].close()
    try place.lab("run", "config.json", "-q")
    try place.lab("delete", "1", "--yes")
    var missed: [String] = []
    while !(missed.last ?? "").contains(#""gone":[1]"#) {
      missed.append(try #require(viewers[1].next { $0.contains("event: runs") }))
    }
    let back = try Viewer(server, cookie, after: id(of: seen[0]))
    for event in missed { #expect(back.next { $0.contains("event: ") } == event) }
  }

  @Test func `what becomes of the database is told, and the server goes on`() throws {
    let place = try GateTests.laboratory()
    let server = try LiveServer(place)
    let cookie = try server.cookie()
    let viewer = try Viewer(server, cookie)
    _ = viewer.next { $0.contains("event: runs") }
    usleep(500_000)
    func lose(_ what: String, _ change: () throws -> Void, because: String) throws {
      try change()
      let lost = viewer.next { $0.contains("event: lost") }
      #expect(lost?.contains(because) == true, "\(what): \(lost ?? "")")
      #expect(try server.get("/api/runs", cookie: cookie).status != 200)
      #expect(try server.get("/runs/1", cookie: cookie).status != 200)
      #expect(try server.get("/", cookie: cookie).status == 200)
      let newcomer = try Viewer(server, cookie)
      #expect(newcomer.next { $0.contains("event: lost") }?.contains(because) == true, "\(what)")
    }
    func find(_ what: String, _ change: () throws -> Void) throws {
      try change()
      #expect(viewer.next { $0.contains("event: found") } != nil, "\(what)")
      #expect(try server.get("/api/runs", cookie: cookie).status == 200, "\(what)")
      #expect(try server.get("/api/run?run=1", cookie: cookie).status == 200, "\(what)")
    }
    let files = FileManager.default
    let (path, away) = (place.file("lab.db"), place.file("away.db"))
    try lose("moved", { try files.moveItem(atPath: path, toPath: away) }, because: "moved")
    try find("back") { try files.moveItem(atPath: away, toPath: path) }
    try lose("deleted", { try files.removeItem(atPath: path) }, because: "removed")
    try find("made anew") {
      for end in ["-wal", "-shm"] { try? files.removeItem(atPath: path + end) }
      try place.write(Trial(name: "another", epochs: 2))
      try place.lab("run", "config.json", "-q")
    }
    try lose(
      "another program's",
      {
        try files.moveItem(atPath: path, toPath: away)
        for end in ["-wal", "-shm"] { try? files.removeItem(atPath: path + end) }
        try place.write("something else altogether", to: "lab.db")
      }, because: "replaced")
    try find("back again") {
      try files.removeItem(atPath: path)
      try files.moveItem(atPath: away, toPath: path)
    }
    try lose(
      "a later version's", { _ = try place.sqlite("PRAGMA user_version = 99") }, because: "version")
    try find("ours again") { _ = try place.sqlite("PRAGMA user_version = 3") }
    #expect(server.isRunning)
  }
}

import Foundation
import Testing

/// What the server reads, and that it only reads.
struct ServedLaboratoryTests {
  private let place: Workplace
  private let server: LiveServer
  private let cookie: String

  init() throws {
    place = try GateTests.laboratory()
    server = try LiveServer(place)
    cookie = try server.cookie()
  }

  private func ask(_ path: String) throws -> LiveServer.Answer {
    try server.get(path, cookie: cookie)
  }

  /// The numbers of the runs of an answer, in its order.
  private func runs(_ path: String) throws -> [Int] {
    struct Told: Decodable {
      struct Row: Decodable { let run: Int }
      let rows: [Row]
    }
    let answer = try ask(path)
    return try JSONDecoder().decode(Told.self, from: Data(answer.body.utf8)).rows.map(\.run)
  }

  /// One of every kind of question.
  private static let questions = [
    "/", "/runs/1", "/api/runs", "/api/runs?sort=loss", "/api/runs?search=loss%3C9", "/api/states",
    "/api/states?runs=1,2", "/api/curves?runs=1", "/api/table?runs=1", "/api/run?run=1",
    "/api/history?run=1", "/api/samples?run=1&samples=0", "/api/film?film=weights-1",
    "/api/frame?film=weights-1&epoch=1",
  ]

  @Test(arguments: [1, 2])
  func `the file of an older version is read as it is`(version: Int) throws {
    let place = try Workplace()
    let stored = "\(SeedExperimentTests.root)/Tests/LabTests/Fixtures/V000\(version)/lab.db"
    try FileManager.default.copyItem(atPath: stored, toPath: place.file("lab.db"))
    let server = try LiveServer(place)
    let cookie = try server.cookie()
    let events = try LiveServer.Connection(to: server.port)
    events.send(
      "GET /events HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nCookie: \(cookie)\r\n\r\n")
    #expect(events.read(until: "event: runs").contains("event: runs"))
    usleep(500_000)
    for question in Self.questions {
      // The run may have no weights or samples: that is told.
      #expect([200, 404].contains(try server.get(question, cookie: cookie).status), "\(question)")
    }
    #expect(try server.get("/api/runs", cookie: cookie).body.contains(#""run":1"#))
    #expect(try place.bytes("lab.db") == [UInt8](Data(contentsOf: URL(filePath: stored))))
  }

  @Test func `a number is a run's own, and no beginning of another's unique name`() throws {
    _ = try place.sqlite(
      "UPDATE run SET uuid = '51230000-0000-4000-8000-000000000000' WHERE id = 1")
    for question in Self.questions where question.contains("1") {
      let other = question.replacing("run=1", with: "run=5123").replacing(
        "runs=1", with: "runs=5123"
      )
      .replacing("runs/1", with: "runs/5123").replacing("weights-1", with: "weights-5123")
      guard other != question else { continue }
      let answer = try ask(other)
      let isList = other.contains("states") || other.contains("curves")
      #expect(isList ? answer.status == 200 : answer.status == 404, "\(other): \(answer.status)")
      #expect(!answer.body.contains("zero-position"), "\(other)")
    }
  }

  @Test func `words are found whatever the case of their letters is`() throws {
    try place.lab("rename", "1", "Übung É 3")
    for words in ["Übung", "übung", "ÜBUNG", "é", "É+3", "ung", "COMPLETED", "%C3%9Cb+complete"] {
      let search = words.addingPercentEncoding(withAllowedCharacters: .urlQueryAllowed) ?? words
      #expect(try runs("/api/runs?search=" + search.replacing("%25", with: "%")) == [1], "\(words)")
    }
    for words in ["ä", "übungen", "é+4"] {
      let search = words.addingPercentEncoding(withAllowedCharacters: .urlQueryAllowed) ?? words
      #expect(try runs("/api/runs?search=" + search) == [], "\(words)")
    }
    let many = Array(repeating: "a", count: 17).joined(separator: "+")
    #expect(try ask("/api/runs?search=" + many).body.contains("17 words are too many"))
  }

  @Test func `rows come in the order that is asked for, page by page`() throws {
    for seed in [5, 3, 9, 7] {
      try place.write(Trial(name: "n\(seed)", seed: seed, epochs: 2))
      try place.lab("run", "config.json", "-q")
    }
    for key in ["run_id", "name", "loss", "epochs", "seconds", "created_at", "val_loss"] {
      for isDescending in [false, true] {
        let direction = isDescending ? " DESC" : ""
        let expected = try place.sqlite(
          "SELECT run_id FROM runs ORDER BY \(key) IS NULL, \(key)\(direction), run_id"
        ).split(separator: "\n").compactMap { Int($0) }
        let query = "/api/runs?sort=\(key)\(isDescending ? "&descending=1" : "")"
        #expect(try runs(query) == expected, "\(query)")
        let pages = try (0..<3).flatMap { try runs("\(query)&limit=2&offset=\(2 * $0)") }
        #expect(pages == expected, "\(query)")
        let some = try runs("\(query)&search=n+n&limit=2&offset=1")
        let named = expected.filter { $0 != 1 }
        #expect(some == Array(named.dropFirst().prefix(2)), "\(query)")
      }
    }
    #expect(try runs("/api/runs") == [5, 4, 3, 2, 1])
  }

  @Test func `a condition is met by the runs as they are now`() throws {
    let search = "/api/runs?search=" + "units%20%3E%3D%201%20and%20loss%20%3C%209"
    #expect(try runs(search) == [1])
    #expect(try runs(search + "%20and%20tag%20%3D%20late") == [])
    try place.lab("tag", "1", "--add", "late")
    #expect(try runs(search + "%20and%20tag%20%3D%20late") == [1])
    try place.lab("run", "config.json", "-q")
    #expect(try runs(search) == [2, 1] && runs(search) == [2, 1])
    try place.lab("delete", "1", "--yes")
    #expect(try runs(search) == [2])
    let error = try ask("/api/runs?search=loss%20%3C").body
    #expect(error.contains(#""error":"#) && !error.contains(#""rows""#))
    // The database is another one.
    _ = try place.shell("mkdir away && mv lab.db* away")
    #expect(try ask(search).status != 200)
    try place.lab("run", "config.json", "-q")
    #expect(try runs(search) == [1])
  }

  @Test func `how far runs are is told of those that are asked for and those in training`() throws {
    try place.write(Trial(name: "long", epochs: 1_000_000))
    let run = try LiveProgram(["run", "config.json"], in: place)
    run.read(upTo: 2)
    // The first epochs are told before they are stored.
    let end = ContinuousClock.now + .seconds(60)
    var running = ""
    while !running.contains(#""newest":2"#), ContinuousClock.now < end {
      running = try ask("/api/states").body
    }
    #expect(running.contains(#""run":2,"status":"running""#))
    #expect(!running.contains(#""run":1,"#))
    _ = try run.killNow()
    let asked = try ask("/api/states?runs=1,2,9").body
    #expect(asked.contains(#""run":1,"status":"completed","epochs":3"#))
    #expect(asked.contains(#""run":2,"status":"crashed""#) && asked.contains(#""gone":[9]"#))
  }

  #if os(Linux)
    @Test func `a thousand questions take no memory`() throws {
      func memory() throws -> Int {
        let file = "/proc/\(server.process.processIdentifier)/status"
        let line = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
          .first { $0.hasPrefix("RssAnon:") }
        return Int(line?.split(separator: " ").dropLast().last ?? "") ?? 0
      }
      func askAll(_ times: Int) throws {
        for _ in 0..<times {
          for question in ["/api/runs", "/api/table?runs=1", "/api/states", "/api/runs?search=a"] {
            #expect(try ask(question).status == 200)
          }
        }
      }
      try askAll(100)
      let before = try memory()
      try askAll(250)
      // In kB; a connection to the database for each question took 2,400.
      #expect(try memory() - before < 1_000)
    }
  #endif

  @Test func `the address that a browser is started with is good once`() throws {
    let place = try GateTests.laboratory()
    let folder = place.file("bin")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let opener = folder + "/xdg-open"
    try Data("#!/bin/sh\necho \"$1\" >opened.part; mv opened.part opened\n".utf8).write(
      to: URL(filePath: opener))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: opener)
    let path = "\(folder):\(ProcessInfo.processInfo.environment["PATH"] ?? "")"
    let server = try LiveServer(place, "--open", environment: ["DISPLAY": ":9", "PATH": path])
    let end = ContinuousClock.now + .seconds(60)
    while !FileManager.default.fileExists(atPath: place.file("opened")), ContinuousClock.now < end {
      usleep(20_000)
    }
    let opened = String(
      decoding: try place.bytes("opened"), as: UTF8.self
    ).trimmingCharacters(in: .newlines)
    #expect(opened != server.address && opened.count == server.address.count)
    let target = "/?" + (opened.split(separator: "?").last ?? "")
    let host = "Host: 127.0.0.1:\(server.port)\r\n"
    let answers = try (0..<2).map { _ in
      try server.exchange("GET \(target) HTTP/1.1\r\n\(host)")
    }
    #expect(answers.map(\.status) == [200, 401])
    let line = answers[0].head.first { $0.lowercased().hasPrefix("set-cookie: ") } ?? ""
    let cookie = String(line.dropFirst(12).prefix { $0 != ";" })
    #expect(try server.get("/api/runs", cookie: cookie).status == 200)
    #expect(try server.get("/api/runs", cookie: server.cookie()).status == 200)
  }
}

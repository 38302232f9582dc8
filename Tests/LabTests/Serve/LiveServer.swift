import Dispatch
import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `lstm-lab serve` on a port that is free, until the value goes away.
final class LiveServer {
  /// The address that it printed.
  let address: String
  let port: UInt16
  let process = Process()

  /// Serves a folder's database.
  init(
    _ place: Workplace, _ arguments: String..., environment: [String: String] = [:]
  ) throws {
    let output = Pipe()
    process.executableURL = URL(filePath: Program.path)
    process.arguments = ["serve", "--port", "0"] + arguments
    process.currentDirectoryURL = URL(filePath: place.path)
    process.environment = Program.environment().merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.runWithSignals()
    try output.fileHandleForWriting.close()
    var line: [UInt8] = []
    while line.last != UInt8(ascii: "\n") {
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else { throw Program.Failure(description: "serve printed no address") }
      line += more
    }
    address = String(decoding: line.dropLast(), as: UTF8.self)
    let url = try #require(URL(string: address))
    port = UInt16(try #require(url.port))
  }

  deinit {
    if process.isRunning { process.terminate() }
    process.waitUntilExit()
  }

  /// The token in the address.
  var token: String { String(address.split(separator: "=").last ?? "") }

  /// Whether it goes on.
  var isRunning: Bool { process.isRunning }

  /// The cookie that the token is exchanged for.
  func cookie() throws -> String {
    let answer = try exchange("GET /?token=\(token) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n")
    let line = try #require(answer.head.first { $0.lowercased().hasPrefix("set-cookie: ") })
    return String(line.dropFirst(12).prefix { $0 != ";" })
  }

  /// What comes back for a request of an admitted browser.
  func get(_ path: String, cookie: String, headers: String = "") throws -> Answer {
    try exchange(
      "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nCookie: \(cookie)\r\n" + headers)
  }

  /// Sends a request's lines and reads the answer, after which the server closes.
  func exchange(_ lines: String) throws -> Answer {
    let connection = try Connection(to: port)
    connection.send(lines + "Connection: close\r\n\r\n")
    return Answer(connection.readToEnd())
  }

  /// A status line, headers and a body.
  struct Answer {
    let status: Int
    let head: [String]
    let body: String

    init(_ bytes: [UInt8]) {
      let text = String(decoding: bytes, as: UTF8.self)
      let end = text.range(of: "\r\n\r\n")
      head = text[..<(end?.lowerBound ?? text.endIndex)].components(separatedBy: "\r\n")
      body = end.map { String(text[$0.upperBound...]) } ?? ""
      status = Int(head.first?.split(separator: " ").dropFirst().first ?? "") ?? 0
    }
  }

  /// A connection without any manners.
  final class Connection {
    private let descriptor: CInt

    init(to port: UInt16) throws {
      #if os(Linux)
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
      #else
        descriptor = socket(AF_INET, SOCK_STREAM, 0)
      #endif
      var place = sockaddr_in()
      place.sin_family = sa_family_t(AF_INET)
      place.sin_port = port.bigEndian
      place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      let result = unsafe withUnsafePointer(to: &place) {
        unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      guard result == 0 else { throw Program.Failure(description: "cannot connect: \(errno)") }
      var time = timeval(tv_sec: 60, tv_usec: 0)
      unsafe setsockopt(
        descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close() }

    private var isOpen = true

    func close() {
      if isOpen { Foundation.close(descriptor) }
      isOpen = false
    }

    /// Sends as much as the other side takes; returns whether that was all.
    @discardableResult
    func send(_ text: String) -> Bool {
      var bytes = Array(text.utf8)[...]
      while !bytes.isEmpty {
        let sent = unsafe bytes.withUnsafeBytes { buffer in
          #if os(Linux)
            unsafe Foundation.send(
              descriptor, buffer.baseAddress, buffer.count, CInt(MSG_NOSIGNAL))
          #else
            unsafe Foundation.send(descriptor, buffer.baseAddress, buffer.count, 0)
          #endif
        }
        guard sent > 0 else { return false }
        bytes = bytes.dropFirst(sent)
      }
      return true
    }

    /// Reads what is there, at least a byte; nothing where the connection has ended or says nothing for a
    /// minute.
    func read() -> [UInt8] {
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
      }
      return Array(buffer.prefix(max(0, count)))
    }

    func readToEnd() -> [UInt8] {
      var all: [UInt8] = []
      while true {
        let more = read()
        if more.isEmpty { return all }
        all += more
      }
    }

    /// Reads until a text has come; returns everything.
    func read(until text: String) -> String {
      var all: [UInt8] = []
      while true {
        let found = String(decoding: all, as: UTF8.self)
        if found.contains(text) { return found }
        let more = read()
        if more.isEmpty { return found }
        all += more
      }
    }
  }
}

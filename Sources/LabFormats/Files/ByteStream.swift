package import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Lines and counted bytes in turn, from a pipe or a file, as they come.
///
/// Memory is taken for what has come, never for what is announced.
package final class ByteStream {
  /// What messages call it.
  package let name: String
  /// The number of lines that were read.
  package private(set) var lines = 0
  /// Whether reading ended because it was asked to.
  package private(set) var isStopped = false

  private let descriptor: CInt
  private let isOwned: Bool
  private let shouldStop: () -> Bool
  private var buffer: [UInt8] = []
  private var start = 0

  private static let chunk = 1 << 16
  private static let pause: CInt = 200  // milliseconds

  /// Reads what comes on standard input.
  ///
  /// - Parameter shouldStop: Asked while nothing comes; reading ends as if the stream did.
  package convenience init(standardInputUntil shouldStop: @escaping () -> Bool) {
    self.init(0, name: "standard input", isOwned: false, shouldStop: shouldStop)
  }

  /// Reads a file from its beginning.
  package convenience init(
    path: String, until shouldStop: @escaping () -> Bool
  ) throws(LabError) {
    let file = SystemFile.open(path, O_RDONLY)
    guard file >= 0 else {
      throw LabError(
        errno == ENOENT ? .notFound : .inputOutput,
        "the stream cannot be read: \(unsafe String(cString: strerror(errno)))", where: path,
        next: "name a file that a training wrote; they end in .labstream")
    }
    self.init(file, name: path, isOwned: true, shouldStop: shouldStop)
  }

  private init(
    _ descriptor: CInt, name: String, isOwned: Bool, shouldStop: @escaping () -> Bool
  ) {
    self.descriptor = descriptor
    self.name = name
    self.isOwned = isOwned
    self.shouldStop = shouldStop
  }

  deinit { if isOwned { close(descriptor) } }

  /// What messages call the line that was read last.
  package var place: String { "\(name): line \(lines)" }

  /// Returns the next line without its end; nil where the stream has ended, be it within a line.
  ///
  /// - Throws: `LabError` where the line is longer than `limit` bytes, or where reading fails.
  package func line(upTo limit: Int) throws(LabError) -> [UInt8]? {
    var line: [UInt8] = []
    while true {
      if let end = buffer[start...].firstIndex(of: Byte.lineFeed) {
        line += buffer[start..<end]
        start = end + 1
        lines += 1
        try require(line.count, upTo: limit)
        return line
      }
      line += buffer[start...]
      start = buffer.count
      try require(line.count, upTo: limit)
      guard try fill() else { return nil }
    }
  }

  private func require(_ count: Int, upTo limit: Int) throws(LabError) {
    guard count > limit else { return }
    throw LabError(
      .data, "a line of the stream has more than \(limit) bytes",
      where: "\(name): after line \(lines)",
      next: "a stream is lines of JSON with counted bytes between them: see docs/record.md")
  }

  /// Returns as many bytes as are asked for; nil where the stream has ended before.
  package func bytes(_ count: Int) throws(LabError) -> Data? {
    var bytes = Data()
    bytes.reserveCapacity(min(count, Self.chunk))
    while bytes.count < count {
      let end = min(buffer.count, start + count - bytes.count)
      bytes += buffer[start..<end]
      start = end
      if bytes.count < count { guard try fill() else { return nil } }
    }
    return bytes
  }

  /// Reads on into the buffer, which is used up.
  ///
  /// - Returns: Whether there was anything more.
  private func fill() throws(LabError) -> Bool {
    buffer.removeAll(keepingCapacity: true)
    start = 0
    while true {
      guard try waitForInput() else { return false }
      var failure: CInt = 0
      buffer = unsafe [UInt8](unsafeUninitializedCapacity: Self.chunk) { room, count in
        let got = unsafe read(descriptor, room.baseAddress, room.count)
        if got < 0 { failure = errno }
        count = max(0, got)
      }
      if failure == EINTR || failure == EAGAIN { continue }
      guard failure == 0 else {
        throw LabError(
          .inputOutput, "the stream cannot be read: \(unsafe String(cString: strerror(failure)))",
          where: name)
      }
      return !buffer.isEmpty
    }
  }

  /// Waits until something can be read, or the stream has ended; false where it is to stop.
  private func waitForInput() throws(LabError) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while true {
      if shouldStop() {
        isStopped = true
        return false
      }
      if unsafe poll(&request, 1, Self.pause) > 0 { return true }
    }
  }
}

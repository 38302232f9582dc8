import Dispatch
import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A training process that a test holds on a leash: its epoch lines go into a pipe of one page, so
/// it cannot run further ahead of the test than the pipe has room for.
///
/// Whatever the machine's speed, a run that is long enough is therefore still under way when the
/// test kills it.
final class LiveProgram {
  private let process = Process()
  private let pipe = Pipe()
  private let ended = DispatchSemaphore(value: 0)
  private let outputFile: String
  private let outputHandle: FileHandle?
  private var unread: [UInt8] = []
  /// Every line that was read, in order.
  private(set) var lines: [String] = []

  /// Starts `lstm-lab`, or another program that finds it as `$LAB`, in a folder.
  init(
    _ arguments: [String], in place: Workplace, environment: [String: String] = [:],
    executable: String = Program.path
  ) throws {
    outputFile = place.file("output-\(UUID().uuidString)")
    process.executableURL = URL(filePath: executable)
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: place.path)
    process.environment = Program.environment(environment.merging(["LAB": Program.path]) { $1 })
    _ = FileManager.default.createFile(atPath: outputFile, contents: nil)
    process.standardInput = FileHandle.nullDevice
    outputHandle = FileHandle(forWritingAtPath: outputFile)
    process.standardOutput = outputHandle
    process.standardError = pipe
    #if os(Linux)
      let setPipeSize: CInt = 1031  // F_SETPIPE_SZ
      guard fcntl(pipe.fileHandleForWriting.fileDescriptor, setPipeSize, 4_096) == 4_096 else {
        throw Program.Failure(description: "a pipe cannot be made small")
      }
    #endif
    process.terminationHandler = { [ended] _ in ended.signal() }
    try process.runWithSignals()
    try pipe.fileHandleForWriting.close()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    try? outputHandle?.close()
    try? pipe.fileHandleForReading.close()
  }

  var isRunning: Bool { process.isRunning }

  /// Sends a signal.
  func send(_ signal: CInt) { kill(process.processIdentifier, signal) }

  /// Reads the next line of standard error; nil at its end.
  func nextLine() -> String? {
    while true {
      if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: unread[..<end], as: UTF8.self)
        unread.removeFirst(end + 1)
        lines.append(line)
        return line
      }
      let more = pipe.fileHandleForReading.availableData
      guard !more.isEmpty else { return nil }
      unread += more
    }
  }

  /// Reads until the epoch's line has come, or the end.
  func read(upTo epoch: Int) {
    while let line = nextLine() {
      if line.hasPrefix("Epoch \(epoch)/") { return }
    }
  }

  /// Reads so many more lines.
  func read(lines count: Int) {
    for _ in 0..<count where nextLine() == nil { return }
  }

  /// Reads to the end, waits, and returns what the process left behind.
  func finish() throws -> Program.Outcome {
    while nextLine() != nil {}
    return try end()
  }

  /// Kills the process as nothing can prevent, without reading what it still said.
  func killNow() throws -> Program.Outcome {
    send(SIGKILL)
    return try end()
  }

  private func end() throws -> Program.Outcome {
    ended.wait()
    let output = try String(contentsOfFile: outputFile, encoding: .utf8)
    return Program.Outcome(
      output: output, errors: lines.joined(separator: "\n"), status: process.status)
  }
}

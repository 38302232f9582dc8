import Dispatch
import Foundation
import Testing

/// The built `lstm-lab` and other programs, run to their end.
enum Program {
  /// What a process left behind.
  struct Outcome {
    let output: String
    let errors: String
    /// The exit code, or 128 plus the number of the signal that ended the process.
    let status: Int32
  }

  /// A program that did not do what a test builds upon.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The binary that tests run: the one that LSTM_LAB_TEST_PROGRAM names, as Scripts/test does with that of
  /// a release, else the one beside these tests.
  static let path = ProcessInfo.processInfo.environment["LSTM_LAB_TEST_PROGRAM"] ?? beside

  /// The binary that was built together with these tests, in the same configuration.
  static let beside: String = {
    #if os(macOS)
      let folder = Bundle(for: Anchor.self).bundleURL.deletingLastPathComponent()
    #else
      let folder = (Bundle.main.executableURL ?? Bundle.main.bundleURL)
        .resolvingSymlinksInPath().deletingLastPathComponent()
    #endif
    let path = folder.appending(path: "lstm-lab").path
    precondition(
      FileManager.default.isExecutableFile(atPath: path), "there is no binary at \(path)")
    return path
  }()

  private final class Anchor {}

  /// The environment of every program that a test starts: this process's, without what would
  /// change a result, with the test's own additions.
  static func environment(_ additions: [String: String] = [:]) -> [String: String] {
    var environment = ProcessInfo.processInfo.environment
    for name in ["LSTM_LAB_DB", "LSTM_LAB_ISA", "NO_COLOR"] { environment[name] = nil }
    return environment.merging(additions) { $1 }
  }

  /// Runs a program in a folder and waits for its end, which it is brought to after `patience`
  /// seconds.
  static func run(
    _ executable: String, _ arguments: [String], in folder: String,
    environment: [String: String] = [:], input: String = "", patience: Int? = nil
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(filePath: executable)
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: folder)
    process.environment = Self.environment(environment)
    let input = try ScratchFile(input)
    let output = try ScratchFile()
    let errors = try ScratchFile()
    defer { for file in [input, output, errors] { file.close() } }
    process.standardInput = input.handle
    process.standardOutput = output.handle
    process.standardError = errors.handle
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.runWithSignals()
    let deadline = patience.map { DispatchTime.now() + .seconds($0) } ?? .distantFuture
    if ended.wait(timeout: deadline) == .timedOut {
      process.terminate()
      ended.wait()
    }
    return Outcome(output: try output.text(), errors: try errors.text(), status: process.status)
  }
}

extension Process {
  /// Starts the process with no signal blocked; the threads that tests run on block them all, and
  /// a child inherits that.
  func runWithSignals() throws {
    var none = sigset_t()
    var before = sigset_t()
    unsafe sigemptyset(&none)
    unsafe pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    try run()
  }

  /// The exit code as a shell has it.
  var status: Int32 {
    terminationReason == .uncaughtSignal ? 128 + terminationStatus : terminationStatus
  }
}

/// A nameless file for what a process reads or writes.
private final class ScratchFile {
  let handle: FileHandle

  init(_ text: String = "") throws {
    let path = FileManager.default.temporaryDirectory.path + "/lstm-lab-\(UUID().uuidString)"
    guard FileManager.default.createFile(atPath: path, contents: Data(text.utf8)),
      let handle = FileHandle(forUpdatingAtPath: path)
    else { throw Program.Failure(description: "no file can be made at \(path)") }
    try FileManager.default.removeItem(atPath: path)
    self.handle = handle
  }

  func text() throws -> String {
    try handle.seek(toOffset: 0)
    return String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
  }

  /// Closes the file, which nobody else does: a process that has ended keeps its handles. With more
  /// than about 1,300 open files Foundation on Linux reads past the list of them when it starts the
  /// next process.
  func close() { try? handle.close() }
}

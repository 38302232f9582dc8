import Foundation
import LabFormats

/// A line for /bin/sh, in the process group of this program: what is typed at the terminal, Ctrl-C
/// too, reaches the line. On Linux Foundation's `Process` gives each child a group of its own.
struct ShellCommand {
  let line: String

  /// Runs the line to its end and returns its exit status; nil where a signal ended it.
  ///
  /// What it prints goes to standard error: standard output belongs to the caller's results.
  /// - Parameters:
  ///   - argument: The line finds it as `$1`.
  ///   - environment: Added to the environment of this process.
  /// - Throws: `LabError` where the shell cannot be started.
  func run(argument: String, environment: [(name: String, value: String)]) throws(LabError) -> Int?
  {
    let added = environment.map(\.name)
    let inherited = ProcessInfo.processInfo.environment.filter { !added.contains($0.key) }
    let variables =
      inherited.map { "\($0.key)=\($0.value)" } + environment.map { "\($0.name)=\($0.value)" }
    var arguments = unsafe Self.copies(["sh", "-c", "exec >&2; \(line)", "lstm-lab", argument])
    var environment = unsafe Self.copies(variables)
    defer { unsafe (arguments + environment).forEach { unsafe free($0) } }
    var process = pid_t()
    let failure = unsafe posix_spawn(&process, Self.shell, nil, nil, &arguments, &environment)
    guard failure == 0 else {
      throw LabError(
        .inputOutput, "the shell cannot be started: \(FileBytes.reason(failure))",
        where: Self.shell, next: "check that \(Self.shell) is there and can be run")
    }
    return try Self.end(of: process)
  }

  private static let shell = "/bin/sh"

  /// Null-terminated copies of texts and a null behind them, as C passes lists of texts.
  private static func copies(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
    unsafe texts.map { unsafe strdup($0) } + [nil]
  }

  /// Waits for a process; its exit status, nil where a signal ended it.
  private static func end(of process: pid_t) throws(LabError) -> Int? {
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else {
        throw LabError(
          .inputOutput, "waiting for the test's end failed: \(FileBytes.reason(errno))",
          where: shell, next: "try again; the run is as it was")
      }
    }
    return status & 0x7f == 0 ? Int(status >> 8 & 0xff) : nil  // WIFEXITED, WEXITSTATUS
  }
}

import Foundation
import LabFormats
import LabStore

extension Laboratory {
  /// Finds the first epoch at which a shell command fails on the epoch's weights.
  ///
  /// The command finds the path of the exported safetensors file as `$1`, and in its environment
  /// `LSTM_LAB_WEIGHTS`, `LSTM_LAB_RUN` and `LSTM_LAB_EPOCH`. It ends with 0 for good, 125 where the
  /// epoch cannot be tested, and anything else for bad. What it prints goes to standard error.
  ///
  /// - Parameters:
  ///   - report: Told of each epoch that was tried.
  ///   - shouldStop: Asked after each test; where it says so, the test's verdict does not count.
  /// - Returns: nil where it was stopped.
  package func bisect(
    _ text: String, command: String, report: (_ epoch: Int, Bisection.Verdict) -> Void,
    shouldStop: () -> Bool
  ) throws -> Bisection? {
    let opened = try open(text)
    let (run, database) = (opened.id, opened.database)
    let last = try opened.epoch()
    let epochs = try database.epochs(of: run, storing: .weights).filter { $0 <= last }
    guard !epochs.isEmpty else {
      throw LabError(
        .notFound, "run \(run) has stored no weights up to epoch \(last)", where: database.path,
        next: "see its epochs with: lstm-lab show \(run) --all\(option)")
    }
    let folder = try ScratchFolder("bisect")
    defer { withExtendedLifetime(folder) {} }
    struct Stopped: Error {}
    do {
      return try Bisection(epochs) { epoch in
        let path = "\(folder.path)/epoch-\(epoch).safetensors"
        _ = try opened.exportWeights(of: epoch, .keras, to: path)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let verdict = try Self.verdict(command, weights: path, run: run, epoch: epoch)
        if shouldStop() { throw Stopped() }
        report(epoch, verdict)
        return verdict
      }
    } catch is Stopped {
      return nil
    }
  }

  private static func verdict(
    _ command: String, weights: String, run: Int64, epoch: Int
  ) throws(LabError) -> Bisection.Verdict {
    let status = try ShellCommand(line: command).run(
      argument: weights,
      environment: [
        ("LSTM_LAB_WEIGHTS", weights), ("LSTM_LAB_RUN", "\(run)"), ("LSTM_LAB_EPOCH", "\(epoch)"),
      ])
    switch status {
    case 0: return .good
    case 125: return .skipped
    default: return .bad
    }
  }
}

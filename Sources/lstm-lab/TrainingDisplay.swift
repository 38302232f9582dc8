import ArgumentParser
import Foundation
import Lab

/// Trains a session and tells the user how it goes, on standard error.
final class TrainingDisplay {
  private let session: TrainingSession
  private let laboratory: Laboratory
  private let isQuiet: Bool
  private let isLive = Terminal.errorIsTerminal
  private let firstEpoch: Int
  private let start = ContinuousClock.now
  private var lastDrawn: ContinuousClock.Instant?
  private var latest: EpochProgress?

  init(_ session: TrainingSession, _ laboratory: Laboratory, isQuiet: Bool) {
    self.session = session
    self.laboratory = laboratory
    self.isQuiet = isQuiet
    firstEpoch = session.epoch
  }

  /// Trains, prints the run's id, and ends the process with the signal's exit code if one came.
  func train() throws {
    Interruption.listen()
    if !isQuiet { Terminal.say(session.headline) }
    let end: TrainingEnd
    do {
      end = try session.train(report: report, shouldStop: { Interruption.signal != nil })
    } catch {
      clearLine()
      throw error
    }
    clearLine()
    if !isQuiet, isLive, let latest { Terminal.say(ProgressLine.plain(latest)) }
    let id = try session.runID
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    if !isQuiet || end != .completed {
      Terminal.say(session.closing(end, run: id, seconds: seconds, database: laboratory.path))
    }
    try Terminal.write("\(id)\n")
    if end == .interrupted { throw ExitCode(128 + (Interruption.signal ?? SIGINT)) }
    if case .diverged = end { throw ExitCode(65) }
  }

  private func report(_ event: TrainingEvent) {
    guard !isQuiet, case .epoch(let summary) = event else { return }
    var progress = EpochProgress(
      epoch: summary.epoch, epochs: session.plan.config.training.epochs, steps: summary.steps,
      seconds: summary.seconds, elapsed: (ContinuousClock.now - start) / .seconds(1),
      metrics: summary.values.map { EpochProgress.Metric($0.name, $0.value) })
    progress.firstEpoch = firstEpoch
    latest = progress
    if !isLive { return Terminal.say(ProgressLine.plain(progress)) }
    if let lastDrawn, ContinuousClock.now - lastDrawn < .milliseconds(100) { return }
    lastDrawn = .now
    let line = ProgressLine.terminal(
      progress, width: Terminal.errorWidth, colour: Terminal.errorHasColour)
    Terminal.draw("\r\u{1B}[K" + line)
  }

  private func clearLine() {
    if isLive, lastDrawn != nil { Terminal.draw("\r\u{1B}[K") }
  }
}

import ArgumentParser
import Foundation
import Lab
import LabFormats

/// Trains a session and tells the user how it goes, on standard error.
final class TrainingDisplay {
  private let session: TrainingSession
  private let laboratory: Laboratory
  private let isQuiet: Bool
  private let live = LiveLine()
  private let firstEpoch: Int
  private let start = ContinuousClock.now
  private var latest: EpochProgress?

  init(_ session: TrainingSession, _ laboratory: Laboratory, isQuiet: Bool) {
    self.session = session
    self.laboratory = laboratory
    self.isQuiet = isQuiet
    firstEpoch = session.epoch
  }

  /// Trains, prints the run's id, and ends the process with the signal's exit code if one came.
  ///
  /// - Parameter report: What a new run is told of its data first; its warnings are told in any case.
  func train(announcing report: PlanReport? = nil) throws {
    Interruption.listen()
    if !isQuiet { Terminal.say(session.headline) }
    if let report { Terminal.announce(report, isQuiet: isQuiet) }
    let end: TrainingEnd
    do {
      end = try session.train(report: note, shouldStop: { Interruption.signal != nil })
    } catch {
      live.clear()
      throw tellingWhatIsStored(error)
    }
    live.clear()
    if !isQuiet, live.isShown, let latest { Terminal.say(ProgressLine.plain(latest)) }
    let id = try session.runID
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    if !isQuiet || !end.isComplete {
      let wayOut = laboratory.wayOut(of: session, end, shouldStop: { Interruption.signal != nil })
      Terminal.say(
        session.closing(end, run: id, seconds: seconds, in: laboratory, wayOut: wayOut))
    }
    try Terminal.write("\(id)\n")
    if end == .interrupted { throw ExitCode(128 + (Interruption.signal ?? SIGINT)) }
    if case .diverged = end { throw ExitCode(65) }
  }

  /// Adds to an error how many of the epochs that were shown are stored.
  private func tellingWhatIsStored(_ error: any Error) -> any Error {
    guard var error = error as? LabError, let shown = latest?.epoch,
      let stored = session.storedEpoch, stored < shown
    else { return error }
    error.next +=
      stored < 0
      ? "; none of the epochs up to \(shown) that were shown is stored"
      : "; of the epochs up to \(shown) that were shown, those up to \(stored) are stored"
    return error
  }

  private func note(_ event: TrainingEvent) {
    if isQuiet { return }
    switch event {
    case .batch(_, let done, let count):
      if live.isShown, count > 1, done < count { draw(step: " · step \(done)/\(count)") }
    case .epoch(let summary):
      let progress = progress(
        epoch: summary.epoch, steps: summary.steps, seconds: summary.seconds,
        metrics: summary.values.map { EpochProgress.Metric($0.name, $0.value) })
      latest = progress
      if live.isShown { draw(step: "") } else { Terminal.say(ProgressLine.plain(progress)) }
    }
  }

  private func progress(
    epoch: Int, steps: Int, seconds: Double, metrics: [EpochProgress.Metric]
  ) -> EpochProgress {
    var progress = EpochProgress(
      epoch: epoch, epochs: session.plan.config.training.epochs, steps: steps, seconds: seconds,
      elapsed: (ContinuousClock.now - start) / .seconds(1), metrics: metrics)
    progress.firstEpoch = firstEpoch
    return progress
  }

  private func draw(step: String) {
    live.draw { width, colour in
      let shown = latest ?? progress(epoch: firstEpoch, steps: 0, seconds: 0, metrics: [])
      let suffix = step.count + 30 < width ? step : ""
      return ProgressLine.terminal(shown, width: width - suffix.count, colour: colour) + suffix
    }
  }
}

import ArgumentParser
import Foundation
import Lab
import LabFormats

/// Trains a session and tells the user how it goes, on standard error.
final class TrainingDisplay {
  private let session: TrainingSession
  private let laboratory: Laboratory
  private let isQuiet: Bool
  /// The epoch that training stops at for now; nil for the last.
  private let stop: Int?
  private let live = LiveLine(STDERR_FILENO)
  private let firstEpoch: Int
  private let start = ContinuousClock.now
  private var kept = KeptEpochs()
  private var latest: EpochProgress?
  /// The epoch whose line stayed last.
  private var lastKept: Int?
  private var epochStart = ContinuousClock.now

  init(_ session: TrainingSession, _ laboratory: Laboratory, isQuiet: Bool, stop: Int?) {
    self.session = session
    self.laboratory = laboratory
    self.isQuiet = isQuiet
    self.stop = stop
    firstEpoch = session.epoch
  }

  /// Trains, prints the run's id, and ends the process with the signal's exit code if one came.
  ///
  /// - Parameter report: What a new run is told of its data first; its warnings are told in any case.
  func train(announcing report: PlanReport? = nil) throws {
    Interruption.listen()
    if !isQuiet { Terminal.say(session.headline(upTo: stop)) }
    if let report { Terminal.announce(report, isQuiet: isQuiet) }
    let end: TrainingEnd
    do {
      end = try session.train(
        upTo: stop, report: note, shouldStop: { Interruption.signal != nil })
    } catch {
      live.clear()
      throw tellingWhatIsStored(error)
    }
    live.clear()
    if !isQuiet, live.isShown, let latest, latest.epoch != lastKept {
      Terminal.say(ProgressLine.plain(latest))
    }
    let id = try session.runID
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    if !isQuiet || !end.isAsAsked {
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
      let stored = session.storedEpoch
    else { return error }
    let told =
      switch stored {
      case ..<0: "; none of the epochs up to \(shown) that were shown is stored"
      case ..<shown:
        "; of the epochs up to \(shown) that were shown, those up to \(stored) are stored"
      default: "; every epoch up to \(shown) that was shown is stored"
      }
    error.next += told
    return error
  }

  private func note(_ event: TrainingEvent) {
    if isQuiet { return }
    switch event {
    case .batch(let epoch, let done, let count, let loss):
      if live.isShown, done < count { draw(epoch: epoch, step: done, of: count, loss: loss) }
    case .epoch(let summary):
      let progress = progress(
        epoch: summary.epoch, steps: summary.steps, seconds: summary.seconds,
        metrics: summary.values.map { EpochProgress.Metric($0.name, $0.value) })
      latest = progress
      epochStart = .now
      tell(progress)
    }
  }

  /// Tells an epoch in a line that stays, or is drawn over.
  private func tell(_ progress: EpochProgress) {
    let plain = ProgressLine.plain(progress)
    guard live.isShown else { return Terminal.say(plain) }
    if kept.takes(progress.epoch, after: firstEpoch, of: progress.epochs) {
      live.keep(plain)
      lastKept = progress.epoch
    }
    live.draw { ProgressLine.terminal(progress, width: $0, colour: $1) }
  }

  /// Draws how far an epoch is; short ones only before the first has ended.
  private func draw(epoch: Int, step: Int, of steps: Int, loss: Double) {
    guard latest == nil || ContinuousClock.now - epochStart > .milliseconds(500) else { return }
    live.draw { width, colour in
      var progress = progress(
        epoch: epoch, steps: steps, seconds: 0, metrics: [EpochProgress.Metric("loss", loss)])
      progress.step = step
      return ProgressLine.terminal(progress, width: width, colour: colour)
    }
  }

  private func progress(
    epoch: Int, steps: Int, seconds: Double, metrics: [EpochProgress.Metric]
  ) -> EpochProgress {
    var progress = EpochProgress(
      epoch: epoch, epochs: min(stop ?? .max, session.plan.config.training.epochs), steps: steps,
      seconds: seconds,
      elapsed: (ContinuousClock.now - start) / .seconds(1), metrics: metrics)
    progress.firstEpoch = firstEpoch
    return progress
  }
}

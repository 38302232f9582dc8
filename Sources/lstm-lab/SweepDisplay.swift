import ArgumentParser
import Foundation
import Lab
import LabFormats
import Synchronization

/// Trains a sweep and tells the user how it goes, on standard error.
final class SweepDisplay: Sendable {
  private let sweep: Sweep
  private let laboratory: Laboratory
  private let isQuiet: Bool
  private let command: String
  private let live = LiveLine(STDERR_FILENO)
  private let start = ContinuousClock.now
  private let progress: Mutex<SweepProgress>

  /// - Parameter command: What goes on with the sweep when it is typed.
  init(_ sweep: Sweep, _ laboratory: Laboratory, isQuiet: Bool, command: String) {
    self.sweep = sweep
    self.laboratory = laboratory
    self.isQuiet = isQuiet
    self.command = command
    progress = Mutex(SweepProgress(runs: sweep.trainings))
  }

  /// Trains, prints the runs' ids, and ends the process with the code of the worst that happened.
  func train() throws {
    Interruption.listen()
    if !isQuiet {
      Terminal.say(
        "Sweep \(Visible.line(sweep.name)): \(sweep.ownTasks.count) runs, \(sweep.atOnce) at a time, "
          + "\(sweep.threads) \(sweep.threads == 1 ? "thread" : "threads") each")
      if !sweep.rungsText.isEmpty { Terminal.say(sweep.rungsText) }
    }
    let (outcomes, rungs) = try trained()
    live.clear()
    try rungs.map { tellRungs($0, outcomes) } ?? tellTable(outcomes)
    let summary = SweepSummary(outcomes, of: sweep.ownTasks.count)
    Terminal.say(summary.text)
    if let rungs, let text = sweep.closing(rungs, outcomes, command: command) {
      Terminal.say(text)
    }
    // A signal between two rungs leaves no run half trained, and yet something to do.
    let isStopped = Interruption.signal != nil && rungs?.undecided != nil
    if summary.isUnfinished || isStopped { Terminal.say("Go on with: \(command)") }
    try Terminal.write(outcomes.compactMap(\.run).map { "\($0)\n" }.joined())
    if let signal = Interruption.signal, summary.isUnfinished || isStopped {
      throw ExitCode(128 + signal)
    }
    if let code = summary.exitCode { throw ExitCode(code) }
  }

  /// What became of the runs, and of the points at the rungs where there are some.
  private func trained() throws -> (outcomes: [SweepOutcome], rungs: HalvingResult?) {
    let shouldStop = { @Sendable in Interruption.signal != nil }
    guard sweep.halving != nil else {
      let outcomes = sweep.train(
        report: { self.note($0, $1) }, ended: { self.ended($0) }, shouldStop: shouldStop)
      return (outcomes, nil)
    }
    let halved = try sweep.halve(
      report: { self.note($0, $1) }, ended: { self.ended($0) },
      decided: { standing in if !isQuiet { live.keep(standing.text) } }, shouldStop: shouldStop)
    return (halved.outcomes, halved.result)
  }

  /// How the points stood at each rung.
  private func tellRungs(_ rungs: HalvingResult, _ outcomes: [SweepOutcome]) {
    guard !isQuiet, !rungs.standings.isEmpty else { return }
    let table = rungs.table(of: sweep.tasks, outcomes)
    Terminal.say("\n" + table.text(fitting: Terminal.width(of: STDERR_FILENO)))
  }

  /// The points side by side, the best first.
  private func tellTable(_ outcomes: [SweepOutcome]) throws {
    guard !isQuiet, outcomes.contains(where: { $0.run != nil }) else { return }
    var request = ComparisonRequest()
    request.runs = outcomes.compactMap(\.run).map { "\($0)" }
    request.sort = sweep.plan.validation == nil ? "loss" : "val_loss"
    request.limit = 20
    let points = try laboratory.compareGroups(request, by: "config")
    Terminal.say("\n" + points.summary(width: Terminal.width(of: STDERR_FILENO)))
  }

  private func note(_ task: SweepTask, _ event: TrainingEvent) {
    guard !isQuiet, live.isShown, case .epoch(let summary) = event else { return }
    progress.withLock { $0.note(task, epoch: summary.epoch) }
    draw()
  }

  private func ended(_ outcome: SweepOutcome) {
    progress.withLock { $0.end(outcome.task) }
    let title = outcome.task.title.prefix(1).uppercased() + outcome.task.title.dropFirst()
    switch outcome.kind {
    case .failed(let error):
      let text = (error as? LabError)?.description ?? "error: \(error)"
      live.keep("\(title) has failed\n\(text)")
    case .ended(let end, _) where !isQuiet || !end.isAsAsked:
      live.keep(
        outcome.closing.split(separator: "\n").map { "\(title): \($0)" }.joined(separator: "\n"))
    case .isElsewhere: live.keep("\(title) is being trained by another process")
    default: break
    }
    if !isQuiet { draw() }
  }

  private func draw() {
    live.draw { width, colour in
      let elapsed = (ContinuousClock.now - start) / .seconds(1)
      return progress.withLock { $0.line(width: width, colour: colour, elapsed: elapsed) }
    }
  }
}

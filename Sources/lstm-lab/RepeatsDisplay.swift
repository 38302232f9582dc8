import ArgumentParser
import Foundation
import Lab
import LabFormats
import Synchronization

/// Trains several seeds and folds and tells the user how they go, on standard error.
final class RepeatsDisplay: Sendable {
  private let repeats: Repeats
  private let report: PlanReport
  private let laboratory: Laboratory
  /// What the command gave other values.
  private let settings: [String]
  private let isQuiet: Bool
  private let live = LiveLine(STDERR_FILENO)
  private let start = ContinuousClock.now
  private let shown: Mutex<RepeatsProgress>
  /// The warnings that were told; another fold may give others.
  private let told: Mutex<Set<String>>

  init(
    _ repeats: Repeats, _ report: PlanReport, _ laboratory: Laboratory, settings: [String],
    isQuiet: Bool
  ) {
    self.settings = settings
    self.repeats = repeats
    self.report = report
    self.laboratory = laboratory
    self.isQuiet = isQuiet
    shown = Mutex(
      RepeatsProgress(
        runs: repeats.list.runs.count, epochs: repeats.epochs))
    told = Mutex(Set(report.warnings.map(\.description)))
  }

  /// Trains, prints the runs' ids, and ends the process as a single run would.
  func train() throws {
    Interruption.listen()
    if !isQuiet { Terminal.say(repeats.headline) }
    Terminal.announce(report, isQuiet: isQuiet)
    let outcomes = repeats.train(
      begun: { self.warn($0, $1) }, report: { self.note($0, $1) }, ended: { self.ended($0) },
      shouldStop: { Interruption.signal != nil })
    live.clear()
    let runs = outcomes.compactMap(\.run)
    if !isQuiet, !runs.isEmpty {
      let report = try RepeatsReport(
        runs, folds: repeats.list.folds?.of.count, in: laboratory)
      Terminal.say("\n" + report.text(on: Screen(columns: Terminal.width(of: STDERR_FILENO))))
    }
    tellWhatIsLeft(outcomes)
    try Terminal.write(runs.map { "\($0)\n" }.joined())
    if let error = outcomes.compactMap(\.error).first { throw error }
    if let signal = Interruption.signal, !repeats.left.isEmpty || outcomes.hasInterrupted {
      throw ExitCode(128 + signal)
    }
    if outcomes.contains(where: \.hasDiverged) { throw ExitCode(65) }
  }

  /// Tells what looks like a mistake in a fold's data and was not told before.
  private func warn(_ run: RepeatedRun, _ plan: TrainingPlan) {
    guard run.fold != nil else { return }
    for warning in PlanSurvey(plan).warnings
    where told.withLock({ $0.insert(warning.description).inserted }) {
      live.keep("\(run.title): \(warning.description)")
    }
  }

  private func note(_ run: RepeatedRun, _ event: TrainingEvent) {
    guard !isQuiet, live.isShown else { return }
    switch event {
    case .batch(let epoch, let done, let count, let loss):
      draw { $0.note(run, epoch: epoch, part: Double(done) / Double(count), loss: loss) }
    case .epoch(let summary):
      let metrics = summary.values.map { EpochProgress.Metric($0.name, $0.value) }
      shown.withLock { $0.note(run, epoch: summary.epoch, metrics: metrics) }
      draw()
    }
  }

  private func ended(_ outcome: Repeats.Outcome) {
    shown.withLock { $0.end(outcome.number) }
    // An error ends the process, which tells it then.
    guard let end = outcome.end, !isQuiet || !end.isAsAsked else { return }
    live.keep(
      outcome.closing.split(separator: "\n").map { "\(outcome.number.title): \($0)" }.joined(
        separator: "\n"))
    if !isQuiet { draw() }
  }

  /// What a stop or an error has left to do.
  private func tellWhatIsLeft(_ outcomes: [Repeats.Outcome]) {
    for outcome in outcomes where outcome.error != nil {
      let run = outcome.run.map { ", run \($0)," } ?? ""
      Terminal.say("\(outcome.number.title)\(run) has failed.")
    }
    let config = ShellWord.quoted(repeats.plan.config.file.path)
    for left in repeats.left {
      Terminal.say(
        "Not started: \(left.text). Go on with: lstm-lab run \(config) \(left.options)"
          + settings.map { " --set \(ShellWord.quoted($0))" }.joined() + laboratory.option)
    }
  }

  /// Draws how far all are, after a change that is taken in only then.
  private func draw(after change: (inout RepeatsProgress) -> Void = { _ in }) {
    live.draw { width, colour in
      shown.withLock { progress in
        change(&progress)
        let elapsed = (ContinuousClock.now - start) / .seconds(1)
        return progress.line(width: width, colour: colour, elapsed: elapsed)
      }
    }
  }
}

extension Repeats.Outcome {
  fileprivate var hasDiverged: Bool {
    if case .diverged? = end { true } else { false }
  }
}

extension [Repeats.Outcome] {
  fileprivate var hasInterrupted: Bool { contains { $0.end == .interrupted } }
}

import ArgumentParser
import Foundation
import Lab
import LabFormats
import Synchronization

/// Trains several seeds and tells the user how they go, on standard error.
final class RepeatsDisplay: Sendable {
  private let repeats: Repeats
  private let report: PlanReport
  private let laboratory: Laboratory
  private let isQuiet: Bool
  private let live = LiveLine(STDERR_FILENO)
  private let start = ContinuousClock.now
  private let shown: Mutex<RepeatsProgress>

  init(_ repeats: Repeats, _ report: PlanReport, _ laboratory: Laboratory, isQuiet: Bool) {
    self.repeats = repeats
    self.report = report
    self.laboratory = laboratory
    self.isQuiet = isQuiet
    shown = Mutex(
      RepeatsProgress(
        runs: repeats.seeds.seeds.count, epochs: repeats.plan.config.training.epochs))
  }

  /// Trains, prints the runs' ids, and ends the process as a single run would.
  func train() throws {
    Interruption.listen()
    if !isQuiet { Terminal.say(repeats.headline) }
    Terminal.announce(report, isQuiet: isQuiet)
    let outcomes = repeats.train(
      report: { self.note($0, $1) }, ended: { self.ended($0) },
      shouldStop: { Interruption.signal != nil })
    live.clear()
    let runs = outcomes.compactMap(\.run)
    if !isQuiet, !runs.isEmpty {
      let report = try RepeatsReport(runs, in: laboratory)
      Terminal.say("\n" + report.text(on: Screen(columns: Terminal.width(of: STDERR_FILENO))))
    }
    tellWhatIsLeft(outcomes)
    try Terminal.write(runs.map { "\($0)\n" }.joined())
    if let error = outcomes.compactMap(\.error).first { throw error }
    if let signal = Interruption.signal, !repeats.left.seeds.isEmpty || outcomes.hasInterrupted {
      throw ExitCode(128 + signal)
    }
    if outcomes.contains(where: \.hasDiverged) { throw ExitCode(65) }
  }

  private func note(_ seed: Int, _ event: TrainingEvent) {
    guard !isQuiet, live.isShown else { return }
    switch event {
    case .batch(let epoch, let done, let count, let loss):
      draw { $0.note(seed: seed, epoch: epoch, part: Double(done) / Double(count), loss: loss) }
    case .epoch(let summary):
      let metrics = summary.values.map { EpochProgress.Metric($0.name, $0.value) }
      shown.withLock { $0.note(seed: seed, epoch: summary.epoch, metrics: metrics) }
      draw()
    }
  }

  private func ended(_ outcome: Repeats.Outcome) {
    shown.withLock { $0.end(seed: outcome.seed) }
    // An error ends the process, which tells it then.
    guard let end = outcome.end, !isQuiet || !end.isComplete else { return }
    live.keep(
      outcome.closing.split(separator: "\n").map { "Seed \(outcome.seed): \($0)" }.joined(
        separator: "\n"))
    if !isQuiet { draw() }
  }

  /// What a stop or an error has left to do.
  private func tellWhatIsLeft(_ outcomes: [Repeats.Outcome]) {
    for outcome in outcomes where outcome.error != nil {
      let run = outcome.run.map { ", run \($0)," } ?? ""
      Terminal.say("Seed \(outcome.seed)\(run) has failed.")
    }
    let left = repeats.left
    guard !left.seeds.isEmpty else { return }
    let config = ShellWord.quoted(repeats.plan.config.file.path)
    Terminal.say(
      "Not started: \(left.seeds.count == 1 ? "seed" : "seeds") \(left). "
        + "Go on with: lstm-lab run \(config) --seeds \(left)" + laboratory.option)
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

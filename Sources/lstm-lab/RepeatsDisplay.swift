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
  private let live = LiveLine()
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
      Terminal.say(
        "\n" + report.text(on: Screen(columns: live.isShown ? Terminal.errorWidth : nil)))
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
    guard !isQuiet, live.isShown, case .epoch(let summary) = event else { return }
    shown.withLock { $0.note(seed: seed, epoch: summary.epoch) }
    draw()
  }

  private func ended(_ outcome: Repeats.Outcome) {
    shown.withLock { $0.end(seed: outcome.seed) }
    // An error ends the process, which tells it then.
    guard let end = outcome.end, !isQuiet || !end.isComplete else { return }
    live.clear()
    Terminal.say(
      outcome.closing.split(separator: "\n").map { "Seed \(outcome.seed): \($0)" }.joined(
        separator: "\n"))
    if !isQuiet, live.isShown { draw() }
  }

  private func draw() {
    live.draw { width, colour in shown.withLock { $0.line(width: width, colour: colour) } }
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
      "Not begun: \(left.seeds.count == 1 ? "seed" : "seeds") \(left). "
        + "Go on with: lstm-lab run \(config) --seeds \(left)" + laboratory.option)
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

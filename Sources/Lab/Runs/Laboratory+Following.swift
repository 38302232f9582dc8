import Foundation
import LSTMEngine
import LabFormats
import LabStore

extension Laboratory {
  /// Follows a run, whichever process trains it, until it ends.
  ///
  /// - Parameters:
  ///   - all: Whether every epoch that is stored already is told first, instead of the last ten.
  ///   - report: Told of each epoch soon after it was stored.
  ///   - shouldStop: Asked ten times a second.
  /// - Returns: How the run ended and what to do next; nil where it was not waited for.
  package func follow(
    _ text: String, all: Bool, report: (EpochProgress) throws -> Void, shouldStop: () -> Bool
  ) throws -> String? {
    let database = try reading()
    let opened = try open(
      whole: text, in: database, "a run is followed as a whole", where: "show"
    ) { run, _ in "to follow the run: lstm-lab show \(run) --follow" }
    var followed = try FollowedRun(opened)
    try followed.begin(last: all ? nil : FollowedRun.shownEpochs, to: report)
    var version = try database.dataVersion()
    var looks = 0
    while !shouldStop() {
      // A process that was killed changes nothing in the database: its lock tells.
      let present = try database.dataVersion()
      if present != version || looks % 5 == 0 {
        version = present
        let run = try database.run(opened.id)
        try followed.tell(to: report)
        if run.status != "running" { return closing(run) }
      }
      looks += 1
      usleep(100_000)
    }
    return nil
  }

  /// How a run ended that another process trained.
  private func closing(_ run: StoredRun) -> String {
    let name = "run \(run.runID) in \(Visible.line(path))"
    let why = run.message.map { ": \($0)" } ?? ""
    let resume = "Go on with: lstm-lab resume \(run.runID)\(option)"
    switch run.status {
    case "completed":
      let result = run.resultEpoch == run.epochs ? "" : ", the result is epoch \(run.resultEpoch)"
      return "Completed\(why): \(name), epoch \(run.epochs) stored\(result). "
        + "Look at it with: lstm-lab show \(run.runID)\(option)"
    case "interrupted": return "Stopped: \(name) is stored up to epoch \(run.epochs). \(resume)"
    case "diverged": return "Diverged\(why): \(name) is stored up to epoch \(run.epochs)"
    case let status:
      return "\(status.prefix(1).uppercased() + status.dropFirst())\(why): \(name) is stored up to "
        + "epoch \(run.epochs). \(resume)"
    }
  }
}

/// A run that is followed, with the epoch that was told last.
private struct FollowedRun {
  /// The most epochs that are told of what was stored before.
  static let shownEpochs = 10

  private let opened: OpenedRun
  /// nil of a foreign run, whose end is not known.
  private let training: TrainingConfig?
  private var last: Int
  private var pace = Pace()

  init(_ opened: OpenedRun) throws {
    self.opened = opened
    training = opened.run.trainer == nil ? try opened.config.training : nil
    last = opened.run.parentEpoch ?? 0
  }

  /// Tells the epochs that are new; of what was stored before so many, and reads one more for the pace.
  mutating func begin(last limit: Int?, to report: (EpochProgress) throws -> Void) throws {
    let first = last
    let stored = try opened.database.told(
      of: opened.id, after: first - 1, last: limit.map { $0 + 1 })
    let isCut = limit.map { stored.count > $0 } ?? false
    for (index, told) in stored.enumerated() {
      if told.epoch == first || isCut && index == 0 {
        pace.add(told)
        last = told.epoch
      } else {
        try tell(told, to: report)
      }
    }
  }

  /// Tells the epochs that are new.
  mutating func tell(to report: (EpochProgress) throws -> Void) throws {
    for told in try opened.database.told(of: opened.id, after: last) { try tell(told, to: report) }
  }

  private mutating func tell(
    _ told: ToldEpoch, to report: (EpochProgress) throws -> Void
  ) throws {
    last = told.epoch
    pace.add(told)
    var progress = EpochProgress(
      epoch: told.epoch, epochs: training?.epochs ?? 0, steps: 1, seconds: told.seconds,
      elapsed: pace.seconds, metrics: metrics(of: told))
    progress.firstEpoch = told.epoch - pace.count
    try report(progress)
  }

  /// The figures in the order in which training tells them.
  private func metrics(of told: ToldEpoch) -> [EpochProgress.Metric] {
    guard let training else {
      return told.metrics.map { EpochProgress.Metric($0.kerasName, $0.value) }
    }
    let names = ["loss"] + training.metrics.map(\.rawValue)
    let values = [DataSplit.train, .validation].flatMap { split in
      names.compactMap { name in told.metrics.first { $0.split == split && $0.name == name } }
    }
    let rate = training.rateControl == nil ? nil : told.learningRate
    return values.map { EpochProgress.Metric($0.kerasName, $0.value) }
      + [rate].compactMap { $0 }.map { EpochProgress.Metric("learning_rate", $0) }
  }
}

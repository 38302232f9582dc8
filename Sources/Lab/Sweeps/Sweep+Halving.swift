import Foundation
package import LabFormats
import LabStore

/// What came of halving.
package struct HalvingResult: Sendable {
  /// What points were ranked by.
  package let metric: String
  /// How the points stood at each rung that was decided.
  package internal(set) var standings: [RungStanding] = []
  /// The first rung that could not be decided, and the runs that it lacks; nil where all were.
  package internal(set) var undecided: (epoch: Int, missing: [SweepTask])?

  /// The best point, once the last rung is decided.
  package func best(of halving: Halving) -> Int? {
    guard standings.count == halving.rungs.count, let last = standings.last, last.kept > 0 else {
      return nil
    }
    return last.points.first?.point
  }
}

extension Sweep {
  /// Trains to one rung after the other, each with the points that the one before has left.
  ///
  /// A rung is decided when every run of its points has come to it: whatever happens in between, the same
  /// points go on.
  /// - Parameters:
  ///   - decided: Told how the points stand at each rung.
  package func halve(
    report: @escaping @Sendable (SweepTask, TrainingEvent) -> Void,
    ended: @escaping @Sendable (SweepOutcome) -> Void, decided: (RungStanding) -> Void,
    shouldStop: @escaping @Sendable () -> Bool
  ) throws -> (outcomes: [SweepOutcome], result: HalvingResult) {
    guard let (halving, monitor) = halving else { preconditionFailure("a sweep without rungs") }
    var result = HalvingResult(metric: monitor.name)
    var points = Set(tasks.map(\.point))
    var outcomes: [SweepOutcome] = []
    let counts = try halving.points(of: points.count)
    for (number, rung) in halving.rungs.enumerated() {
      let stage = tasks.indices.filter { points.contains(tasks[$0].point) }
      outcomes = train(
        stage.filter(isOwn), upTo: rung, report: report, ended: ended, shouldStop: shouldStop)
      let (entries, missing) = try judge(stage, at: rung, by: monitor)
      guard missing.isEmpty else {
        result.undecided = (rung, missing)
        break
      }
      let most = number + 1 < counts.count ? counts[number + 1] : nil
      let standing = RungStanding(entries, at: rung, by: monitor, keeping: most)
      result.standings.append(standing)
      decided(standing)
      points = Set(standing.survivors)
      if points.isEmpty { break }
    }
    return (outcomes, result)
  }

  /// What the runs of points have come to at a rung, and the runs that have not come to it.
  private func judge(
    _ stage: [Int], at rung: Int, by monitor: Monitor
  ) throws -> (entries: [RungStanding.Entry], missing: [SweepTask]) {
    guard FileManager.default.fileExists(atPath: judging.path) else {
      return ([], stage.map { tasks[$0] })
    }
    let database = try judging.reading()
    var entries: [RungStanding.Entry] = []
    var missing: [SweepTask] = []
    for point in stage.map({ tasks[$0].point }).reduce(into: [Int](), Self.appendNew) {
      var values: [Double?] = []
      var hasDiverged = false
      for index in stage where tasks[index].point == point {
        guard let identity = try? identity(of: index),
          let found = try find(identity, in: database), found.isDone(at: rung)
        else {
          missing.append(tasks[index])
          continue
        }
        if found.status == "diverged", found.epochs < rung { hasDiverged = true }
        values.append(
          try database.metrics(of: found.run, at: min(rung, found.epochs))
            .first { $0.kerasName == monitor.name }?.value)
      }
      let known = values.compactMap(\.self)
      entries.append(
        RungStanding.Entry(
          point: point,
          value: known.count == values.count && !known.isEmpty
            ? known.reduce(0, +) / Double(known.count) : nil,
          hasDiverged: hasDiverged))
    }
    return (entries, missing)
  }

  private static func appendNew(_ numbers: inout [Int], _ number: Int) {
    if numbers.last != number { numbers.append(number) }
  }

  /// The epochs that would be trained from nothing: to each rung, and without rungs.
  package var epochsToTrain: (rungs: [(epoch: Int, points: Int, epochs: Int)], plain: Int) {
    let points = Set(tasks.map(\.point)).count
    let each = tasks.count / max(1, points)
    let plain = tasks.reduce(0) { $0 + $1.config.training.epochs }
    guard let (halving, _) = halving, let counts = try? halving.points(of: points) else {
      return ([], plain)
    }
    let before = [0] + halving.rungs
    let rungs = halving.rungs.enumerated().map { number, rung in
      (epoch: rung, points: counts[number], epochs: counts[number] * each * (rung - before[number]))
    }
    return (rungs, plain)
  }

  /// How many times a run is trained to its end, or to a rung, where none diverges.
  package var trainings: Int {
    guard halving != nil else { return tasks.indices.count(where: isOwn) }
    let points = Set(tasks.map(\.point)).count
    return epochsToTrain.rungs.reduce(0) { $0 + $1.points } * tasks.count / max(1, points)
  }
}

extension HalvingResult {
  /// The points side by side: those that came furthest first, and among them the best.
  ///
  /// - Parameters:
  ///   - tasks: All runs of the sweep.
  ///   - outcomes: What became of those that are trained here.
  package func table(of tasks: [SweepTask], _ outcomes: [SweepOutcome]) -> Table {
    let rungs = standings.map(\.epoch)
    let order = standings.reversed().flatMap { $0.points.map(\.point) }.reduce(into: [Int]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    return Table(
      columns: [.init("point", .integer), .init("settings", .text)]
        + rungs.map { .init("\(metric)@\($0)", .metric) }
        + [.init("state", .text), .init("runs", .text)],
      rows: order.map { point in
        let own = outcomes.filter { $0.task.point == point }
        let settings = tasks.first { $0.point == point }?.settingsText ?? ""
        return [.integer(point), .text(settings)]
          + standings.map { standing in
            standing.points.first { $0.point == point }?.value.map(Table.Cell.real) ?? .null
          } + [
            .text(state(of: point)),
            .text(own.compactMap(\.run).map { "\($0)" }.joined(separator: " ")),
          ]
      })
  }

  /// What became of a point: the rung that it was stopped at, or that it passed last.
  private func state(of point: Int) -> String {
    let there = standings.filter { $0.points.contains { $0.point == point } }
    guard let last = there.last, let entry = last.points.first(where: { $0.point == point }) else {
      return ""
    }
    if entry.hasDiverged { return "diverged" }
    if last.survivors.contains(point) { return "survived epoch \(last.epoch)" }
    return "stopped at epoch \(last.epoch)"
  }
}

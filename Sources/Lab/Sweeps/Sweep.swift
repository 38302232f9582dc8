import Crypto
import Foundation
import LSTMEngine
import LabFormats
import LabStore
import Synchronization

/// A sweep: every point with every seed and fold, some runs at a time, those left out that are there.
///
/// There is no state beside the runs: what is done is what the database has. So the same sweep goes on after
/// any interruption, and runs that were stopped are resumed to the same bits.
package final class Sweep: Sendable {
  /// What is varied.
  package let definition: SweepDefinition
  /// The name that its runs are found by.
  package let name: String
  /// Everything that is to be trained, in order.
  package let tasks: [SweepTask]
  /// The number of runs that are trained at the same time.
  package let atOnce: Int
  /// The threads of each.
  package let threads: Int
  /// The plan of the first run that can be trained.
  package let plan: TrainingPlan

  private let laboratory: Laboratory
  private let resources: TrainingSession.Resources
  private let stopsAtFailure: Bool
  private let progress: Mutex<Progress>
  /// Held by whoever begins a run, until it has its id.
  private let beginning = NSLock()
  private let database: RunsDatabase
  private let lanes: [TrainingLane]

  private struct Progress: Sendable {
    var next = 0
    var outcomes: [SweepOutcome?]
  }

  /// Finds every configuration good before anything is trained.
  ///
  /// - Parameters:
  ///   - list: The seeds and folds of each point.
  ///   - atOnce: The number of runs at the same time; nil for as many as processors have room for.
  ///   - stopsAtFailure: Whether nothing more is begun after one that failed.
  /// - Throws: `LabError` where a setting is unknown or a value is none for it.
  package init(
    _ definition: SweepDefinition, _ list: RepeatList, atOnce: Int?, stopsAtFailure: Bool,
    in laboratory: Laboratory, resources: TrainingSession.Resources
  ) throws {
    self.definition = definition
    self.laboratory = laboratory
    database = RunsDatabase(of: laboratory)
    self.stopsAtFailure = stopsAtFailure
    let config = try Config(contentsOf: definition.config)
    let varied = definition.variation
    name =
      definition.name
      ?? "\(config.name)-\(SHA256.hash(data: Array(varied.utf8)).hexadecimal.prefix(6))"
    guard Config.isName(name) else {
      throw LabError(
        .usage, "`\(Visible.line(name))` is no name", where: "--name", next: Config.namesAllowed)
    }
    tasks = try definition.points.enumerated().flatMap { number, settings in
      let point = try config.setting(settings)
      return try list.runs.map { run in
        var config = try list.config(point, of: run)
        if let seed = run.seed { config.seed = seed }
        return SweepTask(point: number, settings: settings, repeated: run, config: config)
      }
    }
    plan = try Self.firstPlan(of: tasks)
    let processors = ProcessInfo.processInfo.activeProcessorCount
    var resources = resources
    if let atOnce { resources.threads = resources.threads ?? max(1, processors / atOnce) }
    threads = resources.threads(for: plan.network)
    self.atOnce = min(atOnce ?? max(1, processors / threads), tasks.count)
    self.resources = resources
    progress = Mutex(Progress(outcomes: tasks.map { _ in nil }))
    lanes = try (0..<self.atOnce).map { _ in try TrainingLane() }
  }

  /// The plan of the first task that has one: of a point whose data are missing it is told when its turn comes.
  private static func firstPlan(of tasks: [SweepTask]) throws -> TrainingPlan {
    for task in tasks.dropLast() {
      if let plan = try? TrainingPlan(task.config) { return plan }
    }
    return try TrainingPlan(tasks[tasks.count - 1].config)
  }

  /// Throws where the database has another sweep of this name.
  package func requireItsName() throws {
    guard let database = try? laboratory.reading(),
      let stored = try database.definition(ofSweep: name),
      SweepDefinition.variation(of: stored) != definition.variation
    else { return }
    throw LabError(
      .usage, "the database has a sweep `\(Visible.line(name))` that varies something else",
      where: laboratory.path, next: "give this one another name: --name NAME")
  }

  /// Trains what is not there, and returns what became of those that were looked at, in order.
  ///
  /// A failure ends nothing else.
  /// - Parameters:
  ///   - report: Told of each run's epochs, from several threads.
  ///   - ended: Told of each run that has ended or was there, likewise.
  package func train(
    report: @escaping @Sendable (SweepTask, TrainingEvent) -> Void,
    ended: @escaping @Sendable (SweepOutcome) -> Void, shouldStop: @escaping @Sendable () -> Bool
  ) -> [SweepOutcome] {
    for lane in lanes {
      lane.thread.leave { while self.doNext(on: lane.recording, report, ended, shouldStop) {} }
    }
    for lane in lanes { lane.thread.awaitFewer(than: 1) }
    database.close()
    return progress.withLock { $0.outcomes.compactMap(\.self) }
  }

  /// What the database has of the sweep already: nothing is trained.
  package func survey() throws -> [SweepOutcome] {
    let database = try? laboratory.reading()
    return try tasks.compactMap { task in
      guard let database, let found = try find(task, TrainingPlan(task.config), in: database)
      else { return nil }
      let kind: SweepOutcome.Kind? =
        ["completed", "diverged"].contains(found.status)
        ? .wasDone : found.status == "running" ? .isElsewhere : nil
      return kind.map { SweepOutcome(task: task, run: found.run, kind: $0, closing: "") }
    }
  }

  /// Does the next task; false where there is none.
  private func doNext(
    on threads: RecordingThreads, _ report: (SweepTask, TrainingEvent) -> Void,
    _ ended: (SweepOutcome) -> Void, _ shouldStop: () -> Bool
  ) -> Bool {
    guard let (index, begun) = begin(on: threads, shouldStop) else { return false }
    let task = tasks[index]
    let outcome: SweepOutcome
    switch begun {
    case .there(let done): outcome = done
    case .session(let session, let run, let isResumed):
      let start = ContinuousClock.now
      do {
        let end = try session.train(report: { report(task, $0) }, shouldStop: shouldStop)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        outcome = SweepOutcome(
          task: task, run: run, kind: .ended(end, isResumed: isResumed),
          closing: session.closingAmongOthers(
            end, run: run, seconds: seconds, in: laboratory,
            wayOut: laboratory.wayOut(of: session, end, shouldStop: shouldStop)))
      } catch {
        outcome = SweepOutcome(task: task, run: run, kind: .failed(error), closing: "")
      }
    }
    progress.withLock { $0.outcomes[index] = outcome }
    ended(outcome)
    return true
  }

  private enum Begun {
    case there(SweepOutcome)
    case session(TrainingSession, run: Int64, isResumed: Bool)
  }

  /// Begins the next task, one thread at a time, so that runs have their ids in the order of the tasks.
  private func begin(
    on threads: RecordingThreads, _ shouldStop: () -> Bool
  ) -> (index: Int, begun: Begun)? {
    beginning.lock()
    defer { beginning.unlock() }
    let index = progress.withLock { progress -> Int? in
      let hasFailed = stopsAtFailure && progress.outcomes.contains { $0?.hasFailed == true }
      guard progress.next < progress.outcomes.count, !hasFailed else { return nil }
      return progress.next
    }
    guard let index, !shouldStop() else { return nil }
    progress.withLock { $0.next = index + 1 }
    do {
      return (index, try begin(tasks[index], on: threads))
    } catch {
      return (
        index,
        .there(SweepOutcome(task: tasks[index], run: nil, kind: .failed(error), closing: ""))
      )
    }
  }

  private func begin(_ task: SweepTask, on threads: RecordingThreads) throws -> Begun {
    let plan = try TrainingPlan(task.config)
    let database = try database.open()
    if let found = try find(task, plan, in: database) {
      let there = { (kind: SweepOutcome.Kind) in
        Begun.there(SweepOutcome(task: task, run: found.run, kind: kind, closing: ""))
      }
      switch found.status {
      case "completed", "diverged": return there(.wasDone)
      case "running": return there(.isElsewhere)
      default:
        guard
          let session = try laboratory.resume(
            "\(found.run)", epochs: nil, in: database, on: threads, resources: resources)
        else { return there(.wasDone) }
        return .session(session, run: found.run, isResumed: true)
      }
    }
    let place = RunDescription.SweepPlace(
      name: name, definition: definition.json.compact, point: task.point)
    let session = try laboratory.start(
      plan, of: place, in: database, on: threads, resources: resources)
    return .session(session, run: try session.runID, isResumed: false)
  }

  /// The run that a task is, if it is there: one that is done before one that is not.
  private func find(
    _ task: SweepTask, _ plan: TrainingPlan, in database: LabDatabase
  ) throws -> (run: Int64, status: String)? {
    let found = try database.runs(with: plan.identity(resources))
    return found.first { ["completed", "diverged"].contains($0.status) }
      ?? found.first { $0.status == "running" } ?? found.first
  }
}

extension SweepOutcome {
  /// Whether an error kept it from being trained or ended it.
  package var hasFailed: Bool {
    if case .failed = kind { true } else { false }
  }
}

extension TrainingPlan {
  /// What a run of this plan is, whatever it is called.
  fileprivate func identity(_ resources: TrainingSession.Resources) throws -> RunIdentity {
    let settings = try RunSettings(config: config.normalised())
    var initial: String?
    if initialWeights != nil {
      let network = resources.network(network)
      network.setInitialWeights(self)
      let weights = network.snapshot().weights
      let drawn = Set(initialWeights?.drawn ?? [])
      let given = network.layout.tensors.enumerated().filter { !drawn.contains($0.offset) }
      initial = settings.initialHash(of: given.map { Data($0.element.values(in: weights)) })
    }
    return RunIdentity(
      settings: settings.hash, data: data.hash, initial: initial, seed: config.seed,
      fold: config.data.validation?.folds?.fold)
  }
}

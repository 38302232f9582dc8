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

  /// The rungs that its points are halved at, and what they are ranked by; nil: all are trained to their end.
  package let halving: (Halving, by: Monitor)?
  /// The database in which rungs are decided.
  let judging: Laboratory

  /// The part of the points that is trained here; nil for all.
  private let share: SweepShare?
  private let laboratory: Laboratory
  private let resources: TrainingSession.Resources
  private let stopsAtFailure: Bool
  private let progress: Mutex<Progress>
  /// Held by whoever begins a run, until it has its id.
  private let beginning = NSLock()
  private let database: RunsDatabase
  private let lanes: [TrainingLane]

  private struct Progress: Sendable {
    /// The tasks that are to be done, and the epoch that each is trained to; nil for its last.
    var stage: [Int] = []
    var stop: Int?
    var next = 0
    var outcomes: [SweepOutcome?]
    /// What each task's run is, once its data were read.
    var identities: [Int: RunIdentity] = [:]
  }

  /// Finds every configuration good before anything is trained.
  ///
  /// - Parameters:
  ///   - list: The seeds and folds of each point.
  ///   - atOnce: The number of runs at the same time; nil for as many as processors have room for.
  ///   - stopsAtFailure: Whether nothing more is begun after one that failed.
  ///   - finishes: Whether every run is trained to its end, whatever the rungs are.
  ///   - share: The part of the points that is trained here; nil for all.
  ///   - judging: The database in which rungs are decided; nil for the one that is trained into.
  /// - Throws: `LabError` where a setting is unknown or a value is none for it.
  package init(
    _ definition: SweepDefinition, _ list: RepeatList, atOnce: Int?, stopsAtFailure: Bool,
    finishes: Bool = false, share: SweepShare? = nil, judging: Laboratory? = nil,
    in laboratory: Laboratory, resources: TrainingSession.Resources
  ) throws {
    self.definition = definition
    self.laboratory = laboratory
    database = RunsDatabase(of: laboratory)
    self.share = share
    self.judging = judging ?? laboratory
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
    let tasks = try definition.points.enumerated().flatMap { number, settings in
      let point = try config.setting(settings)
      return try list.runs.map { run in
        var config = try list.config(point, of: run)
        if let seed = run.seed { config.seed = seed }
        return SweepTask(point: number, settings: settings, repeated: run, config: config)
      }
    }
    let points = Set(tasks.map(\.point)).count
    try share?.require(points: points)
    halving =
      try finishes
      ? nil
      : definition.halving.map { halving in
        _ = try halving.points(of: points)
        return (halving, by: try halving.monitor(of: tasks.map(\.config)))
      }
    self.tasks = tasks
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
    train(
      tasks.indices.filter(isOwn), upTo: nil, report: report, ended: ended, shouldStop: shouldStop)
  }

  /// The option that names the database in an advised command.
  var option: String { laboratory.option }

  /// The tasks that are trained here.
  package var ownTasks: [SweepTask] { tasks.indices.filter(isOwn).map { tasks[$0] } }

  /// Whether a task is trained here.
  func isOwn(_ index: Int) -> Bool { share?.contains(point: tasks[index].point) ?? true }

  /// Trains some tasks up to an epoch, and returns what became of all that were looked at so far.
  func train(
    _ stage: [Int], upTo stop: Int?,
    report: @escaping @Sendable (SweepTask, TrainingEvent) -> Void,
    ended: @escaping @Sendable (SweepOutcome) -> Void, shouldStop: @escaping @Sendable () -> Bool
  ) -> [SweepOutcome] {
    progress.withLock { ($0.stage, $0.stop, $0.next) = (stage, stop, 0) }
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
    return try tasks.indices.filter(isOwn).compactMap { index in
      let task = tasks[index]
      guard let database, let found = try find(identity(of: index), in: database) else {
        return nil
      }
      let first = halving?.0.rungs[0]
      let kind: SweepOutcome.Kind? =
        found.isDone(at: first) ? .wasDone : found.status == "running" ? .isElsewhere : nil
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
        let stop = progress.withLock { $0.stop }
        let end = try session.train(
          upTo: stop, report: { report(task, $0) }, shouldStop: shouldStop)
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
    progress.withLock { $0.outcomes[index] = outcome.after($0.outcomes[index]) }
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
      guard progress.next < progress.stage.count, !hasFailed else { return nil }
      return progress.stage[progress.next]
    }
    guard let index, !shouldStop() else { return nil }
    let stop = progress.withLock { progress in
      progress.next += 1
      return progress.stop
    }
    do {
      return (index, try begin(index, upTo: stop, on: threads))
    } catch {
      return (
        index,
        .there(SweepOutcome(task: tasks[index], run: nil, kind: .failed(error), closing: ""))
      )
    }
  }

  private func begin(
    _ index: Int, upTo stop: Int?, on threads: RecordingThreads
  ) throws -> Begun {
    let task = tasks[index]
    let plan = try TrainingPlan(task.config)
    let database = try database.open()
    if let found = try find(identity(of: index, plan), in: database) {
      let there = { (kind: SweepOutcome.Kind) in
        Begun.there(SweepOutcome(task: task, run: found.run, kind: kind, closing: ""))
      }
      if found.isDone(at: stop) { return there(.wasDone) }
      if found.status == "running" { return there(.isElsewhere) }
      guard
        let session = try laboratory.resume(
          "\(found.run)", epochs: nil, upTo: stop, in: database, on: threads,
          resources: resources)
      else { return there(.wasDone) }
      return .session(session, run: found.run, isResumed: true)
    }
    let place = RunDescription.SweepPlace(
      name: name, definition: definition.json.compact, point: task.point)
    let session = try laboratory.start(
      plan, of: place, in: database, on: threads, resources: resources)
    return .session(session, run: try session.runID, isResumed: false)
  }

  /// What a task's run is; its data are read once.
  func identity(of index: Int, _ plan: TrainingPlan? = nil) throws -> RunIdentity {
    if let known = progress.withLock({ $0.identities[index] }) { return known }
    let identity = try (plan ?? TrainingPlan(tasks[index].config)).identity(resources)
    progress.withLock { $0.identities[index] = identity }
    return identity
  }

  /// The run that is what a task asks for, if it is there: one that is done before one that is not.
  func find(_ identity: RunIdentity, in database: LabDatabase) throws -> FoundRun? {
    let found = try database.runs(with: identity)
    return found.first { ["completed", "diverged"].contains($0.status) }
      ?? found.first { $0.status == "running" } ?? found.first
  }
}

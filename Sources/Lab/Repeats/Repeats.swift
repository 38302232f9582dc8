import Foundation
import LSTMEngine
import LabFormats
import Synchronization

/// One configuration trained with several seeds and folds, some at a time; each is a run like any other.
///
/// The data are loaded once a fold. Runs begin in the order of the list, so their ids follow it.
package final class Repeats: Sendable {
  /// What is trained, of folds the first; its seed is replaced.
  package let plan: TrainingPlan
  /// What is trained, in order.
  package let list: RepeatList
  /// The number of runs that are trained at the same time.
  package let atOnce: Int
  /// The threads of each.
  package let threads: Int

  private let runs: [RepeatedRun]
  private let laboratory: Laboratory
  private let resources: TrainingSession.Resources
  /// The epoch that every run is stopped at for now; nil for the last.
  private let stop: Int?
  private let progress: Mutex<Progress>
  /// Held by whoever begins a run, until it has its id.
  private let beginning = NSLock()
  private let database: RunsDatabase

  /// Each trains a run and another after it, until none is left.
  private let lanes: [TrainingLane]

  private struct Progress: Sendable {
    var next = 0
    var outcomes: [Outcome?]
    /// The plan of the fold that was begun last.
    var latest: TrainingPlan
  }

  /// What became of a run that was begun.
  package struct Outcome: Sendable {
    /// The run's seed and fold.
    package let number: RepeatedRun
    /// The run's id; nil where it could not be begun.
    package let run: Int64?
    /// How it ended; nil where an error ended it.
    package let end: TrainingEnd?
    /// What ended it too early.
    package let error: (any Error)?
    /// How it ended and what to do next, as people are told.
    package let closing: String
  }

  /// Checks the configuration and its data, and shares the processors out.
  ///
  /// - Parameters:
  ///   - config: The configuration.
  ///   - atOnce: The number of runs at the same time; nil for as many as processors and memory have room for.
  ///   - stop: The epoch that every run is stopped at for now; nil for the last.
  ///   - resources: What each run may use; without a number of threads each gets its share.
  package init(
    of config: Config, _ list: RepeatList, atOnce: Int?, upTo stop: Int?, in laboratory: Laboratory,
    resources: TrainingSession.Resources
  ) throws {
    self.list = list
    self.stop = stop
    self.laboratory = laboratory
    database = RunsDatabase(of: laboratory)
    runs = list.runs
    plan = try TrainingPlan(list.config(config, of: runs[0]))
    let processors = ProcessInfo.processInfo.activeProcessorCount
    var resources = resources
    if let atOnce { resources.threads = resources.threads ?? max(1, processors / atOnce) }
    threads = resources.threads(for: plan.network)
    let room = ProcessInfo.processInfo.physicalMemory / UInt64(Network.estimatedBytes(plan.network))
    let usual = min(processors / threads, Int(clamping: room))
    self.atOnce = min(atOnce ?? max(1, usual), runs.count)
    self.resources = resources
    progress = Mutex(Progress(outcomes: runs.map { _ in nil }, latest: plan))
    // All there will be, before anything is begun.
    lanes = try (0..<self.atOnce).map { _ in try TrainingLane() }
  }

  /// Trains every run and returns what became of those that were begun, in the order of the list.
  ///
  /// After an error or a wish to stop no further one is begun; those under way end in their own way.
  /// - Parameters:
  ///   - begun: Told of the plan of each run that begins.
  ///   - report: Told of each run's epochs, from several threads.
  ///   - ended: Told of each run that has ended, likewise.
  package func train(
    begun: @escaping @Sendable (RepeatedRun, TrainingPlan) -> Void,
    report: @escaping @Sendable (RepeatedRun, TrainingEvent) -> Void,
    ended: @escaping @Sendable (Outcome) -> Void, shouldStop: @escaping @Sendable () -> Bool
  ) -> [Outcome] {
    for lane in lanes {
      lane.thread.leave {
        while self.trainNext(on: lane.recording, begun, report, ended, shouldStop) {}
      }
    }
    for lane in lanes { lane.thread.awaitFewer(than: 1) }
    database.close()
    return progress.withLock { $0.outcomes.compactMap { $0 } }
  }

  /// What was not begun.
  package var left: [RepeatList] { list.left(after: progress.withLock { $0.next }) }

  /// Trains the next run; false where there is none.
  private func trainNext(
    on threads: RecordingThreads, _ begun: (RepeatedRun, TrainingPlan) -> Void,
    _ report: (RepeatedRun, TrainingEvent) -> Void, _ ended: (Outcome) -> Void,
    _ shouldStop: () -> Bool
  ) -> Bool {
    guard let (index, session, run) = begin(on: threads, begun, shouldStop) else { return false }
    let number = runs[index]
    let start = ContinuousClock.now
    let outcome: Outcome
    do {
      let session = try session.get()
      let end = try session.train(
        upTo: stop, report: { report(number, $0) }, shouldStop: shouldStop)
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let closing = session.closingAmongOthers(
        end, run: run ?? 0, seconds: seconds, in: laboratory,
        wayOut: laboratory.wayOut(of: session, end, shouldStop: shouldStop))
      outcome = Outcome(number: number, run: run, end: end, error: nil, closing: closing)
    } catch {
      outcome = Outcome(number: number, run: run, end: nil, error: error, closing: "")
    }
    progress.withLock { $0.outcomes[index] = outcome }
    ended(outcome)
    return true
  }

  /// Begins the next run: one thread at a time, until the run has its id.
  private func begin(
    on threads: RecordingThreads, _ begun: (RepeatedRun, TrainingPlan) -> Void,
    _ shouldStop: () -> Bool
  ) -> (index: Int, session: Result<TrainingSession, any Error>, run: Int64?)? {
    beginning.lock()
    defer { beginning.unlock() }
    let index = progress.withLock { progress -> Int? in
      let hasFailed = progress.outcomes.contains { $0?.error != nil }
      guard progress.next < progress.outcomes.count, !hasFailed else { return nil }
      return progress.next
    }
    guard let index, !shouldStop() else { return nil }
    progress.withLock { $0.next = index + 1 }
    do {
      let plan = try plan(of: runs[index])
      begun(runs[index], plan)
      let session = try laboratory.start(
        plan, in: database.open(), on: threads, resources: resources)
      return (index, .success(session), try session.runID)
    } catch {
      return (index, .failure(error), nil)
    }
  }
}

extension Repeats {
  /// The plan of a run; the data of its fold are read where the run before had another.
  private func plan(of run: RepeatedRun) throws -> TrainingPlan {
    var latest = progress.withLock { $0.latest }
    if let fold = run.fold, latest.config.data.validation?.folds?.fold != fold {
      latest = try TrainingPlan(list.config(plan.config, of: run))
      progress.withLock { [latest] in $0.latest = latest }
    }
    return run.seed.map(latest.withSeed) ?? latest
  }

  /// The last epoch of each run, or that which it is stopped at for now.
  package var epochs: Int { min(stop ?? .max, plan.config.training.epochs) }

  /// What is going to be trained, in one line.
  package var headline: String {
    let parameters = plan.summary.parameters
    let validation = plan.validation.map { ", \(NumberText.count($0.count)) for validation" } ?? ""
    let count = runs.count == 1 ? "1 run" : "\(runs.count) runs"
    return "\(Visible.line(plan.config.name)): \(NumberText.count(parameters)) parameters, "
      + "\(NumberText.count(plan.train.count)) samples\(validation), "
      + "epochs 1 to \(epochs), \(count) (\(list.text)), "
      + "\(atOnce) at a time, \(threads) \(threads == 1 ? "thread" : "threads") each"
  }
}

extension TrainingSession {
  /// How one of several runs ended: in a line where it is complete, else as a single run tells it.
  func closingAmongOthers(
    _ end: TrainingEnd, run: Int64, seconds: Double, in laboratory: Laboratory, wayOut: WayOut?
  ) -> String {
    if case .stopped(let epoch) = end { return "run \(run) stopped at epoch \(epoch)" }
    guard end.isComplete else {
      return closing(end, run: run, seconds: seconds, in: laboratory, wayOut: wayOut)
    }
    let what = end.message ?? "epoch \(epoch) stored"
    return "run \(run) completed in \(NumberText.duration(seconds)), \(what)"
  }
}

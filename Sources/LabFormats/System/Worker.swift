/// A thread that does jobs in their order, and rings an alarm between them.
///
/// It is there from the start, or it is told that it cannot be. Dispatch asks for threads when there is work,
/// and where the system gives none it waits for ever, deaf to signals.
///
/// The thread ends when the worker is gone and what was left to it is done.
package final class Worker: Sendable {
  private let desk = Monitor(Desk())

  /// Starts the thread.
  ///
  /// - Throws: `LabError` of kind `system` where the system gives none.
  package init() throws(LabError) {
    let code = SystemThread.start { [desk] in
      while let job = desk.await({ $0.next() }) {
        job()
        desk.change { $0.isBusy = false }
      }
    }
    guard code != 0 else { return }
    throw LabError(
      .system, "the system gives no more threads: \(FileBytes.reason(code))", where: "this process",
      next: "end other programs, or raise the limit (ulimit -u)")
  }

  deinit { desk.change { $0.isClosing = true } }

  /// Leaves a job, which is done after all that were left before.
  package func leave(_ job: @escaping @Sendable () -> Void) { desk.change { $0.jobs.append(job) } }

  /// Waits until fewer than `count` jobs wait or are under way.
  package func awaitFewer(than count: Int) {
    desk.await { $0.jobs.count + ($0.isBusy ? 1 : 0) < count ? .found(()) : .wait(until: nil) }
  }

  /// Does a job on the caller's thread, when all that were left before are done and while the worker does
  /// nothing.
  package func alone<Result>(_ job: () throws -> Result) rethrows -> Result {
    desk.await { desk -> Monitor<Desk>.Look<Void> in
      guard desk.jobs.isEmpty, !desk.isBusy else { return .wait(until: nil) }
      desk.isBusy = true
      return .found(())
    }
    defer { desk.change { $0.isBusy = false } }
    return try job()
  }

  /// Sets the one alarm there is: at its time the worker calls `ring`, once.
  package func setAlarm(at time: ContinuousClock.Instant, _ ring: @escaping @Sendable () -> Void) {
    desk.change { $0.alarm = (time, ring) }
  }

  /// Takes the alarm back.
  package func stopAlarm() { desk.change { $0.alarm = nil } }
}

/// What lies before a worker.
private struct Desk {
  typealias Job = @Sendable () -> Void

  var jobs: [Job] = []
  /// Whether the worker does a job, or somebody does one in its place.
  var isBusy = false
  var alarm: (time: ContinuousClock.Instant, ring: Job)?
  var isClosing = false

  /// The job that the worker does next; nil where there will be none.
  mutating func next() -> Monitor<Desk>.Look<Job?> {
    if isBusy { return .wait(until: nil) }
    if let alarm, alarm.time <= .now {
      (self.alarm, isBusy) = (nil, true)
      return .found(alarm.ring)
    }
    if !jobs.isEmpty {
      isBusy = true
      return .found(jobs.removeFirst())
    }
    return isClosing ? .found(nil) : .wait(until: alarm?.time)
  }
}

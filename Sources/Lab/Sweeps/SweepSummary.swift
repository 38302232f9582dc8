import LabFormats

/// What a sweep came to.
package struct SweepSummary: Sendable {
  private let counts: [(what: String, count: Int)]
  /// Whether something is left that the same command would train.
  package let isUnfinished: Bool
  /// The exit code of the worst that happened; nil where all is well.
  package let exitCode: Int32?

  /// Counts what became of the runs that were looked at.
  ///
  /// - Parameter total: The runs of the whole sweep.
  package init(_ outcomes: [SweepOutcome], of total: Int) {
    var trained = 0, resumed = 0, done = 0, elsewhere = 0, diverged = 0, stopped = 0
    var failures: [any Error] = []
    for outcome in outcomes {
      switch outcome.kind {
      case .wasDone: done += 1
      case .isElsewhere: elsewhere += 1
      case .failed(let error): failures.append(error)
      case .ended(.interrupted, _): stopped += 1
      case .ended(let end, let isResumed):
        if case .diverged = end { diverged += 1 }
        if isResumed { resumed += 1 } else { trained += 1 }
      }
    }
    let left = total - outcomes.count
    counts = [
      ("trained", trained), ("resumed", resumed), ("done before", done), ("diverged", diverged),
      ("stopped", stopped), ("trained by another process", elsewhere), ("failed", failures.count),
      ("not begun", left),
    ].filter { $0.1 > 0 }
    isUnfinished = stopped + failures.count + left > 0
    exitCode =
      failures.first.map { ($0 as? LabError)?.exitCode ?? LabError.Kind.software.rawValue }
      ?? (diverged > 0 ? LabError.Kind.data.rawValue : nil)
  }

  /// `12 runs: 10 trained, 2 done before`, in a sentence.
  package var text: String {
    counts.map { "\(NumberText.count($0.count)) \($0.what)" }.joined(separator: ", ") + "."
  }
}

import Foundation

/// What ends the writing of a run.
enum RunEnding: Sendable {
  /// The run has ended, for a reason that is stored.
  case finished(RunOutcome, message: String?, RunResult, at: Date)
  /// The writer lets go without a word: what was not stored is lost, the run shows as crashed.
  case abandoned
}

/// How a run ended.
package enum RunOutcome: String, Sendable {
  /// Trained to the end, stopped by the user, no longer finite, or no longer recordable.
  case completed, interrupted, diverged, failed
}

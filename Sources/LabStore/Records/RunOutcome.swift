/// How a run ended.
package enum RunOutcome: String, Sendable {
  case completed, interrupted, diverged, failed
}

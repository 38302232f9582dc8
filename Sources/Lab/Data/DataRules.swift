/// By which rules samples are prepared: a run that was stored under earlier ones keeps them, and with
/// them its bits.
package struct DataRules: Equatable, Sendable {
  /// Whether every class keeps a sample to train on, and what would mislead is refused.
  package var isHonest: Bool

  /// The rules of new runs.
  package static let current = DataRules(isHonest: true)
  /// The rules of the first runs.
  package static let first = DataRules(isHonest: false)
}

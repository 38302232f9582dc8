package import LabStore

/// By which rules samples are prepared: a run that was stored under earlier ones keeps them, and with
/// them its bits.
package struct DataRules: Equatable, Sendable {
  /// Which numbers are scaled: those that were read, or their nearest float32.
  package var scaledFrom: ScaledFrom
  /// Whether every class keeps a sample to train on, and what would mislead is refused.
  package var isHonest: Bool

  /// The rules of new runs.
  package static let current = DataRules(scaledFrom: .float64, isHonest: true)
  /// The rules of the first runs.
  package static let first = DataRules(scaledFrom: .float32, isHonest: false)

  /// The rules that a stored run may have been made with, the likeliest first; the hash of its data
  /// tells which.
  ///
  /// - Parameter scaledFrom: What is stored of it; nil where nothing is scaled.
  static func all(of scaledFrom: ScaledFrom?) -> [DataRules] {
    switch scaledFrom {
    case .float64: [.current]
    case .float32: [DataRules(scaledFrom: .float32, isHonest: true), .first]
    case nil: [.current, .first]
    }
  }
}

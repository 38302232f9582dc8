package import LabStore

/// By which rules samples are prepared: a run that was stored under earlier ones keeps them, and with
/// them its bits.
package struct DataRules: Equatable, Sendable {
  /// Which numbers are scaled: those that were read, or their nearest float32.
  package var scaledFrom: ScaledFrom
  /// Whether every class keeps a sample to train on, and what would mislead is refused.
  package var isHonest: Bool
  /// What is not found out from the samples to train on, but given: scales, classes, categories and what
  /// stands for missing values; nil for nothing.
  var given: Preparation?

  /// The rules of new runs.
  package static let current = DataRules(scaledFrom: .float64, isHonest: true)
  /// The rules of the first runs.
  package static let first = DataRules(scaledFrom: .float32, isHonest: false)

  /// The rules that a stored run may have been made with, the likeliest first; the hash of its data
  /// tells which.
  ///
  /// - Parameters:
  ///   - scaledFrom: What is stored of it; nil where nothing is scaled.
  ///   - given: What is stored with it, by which a run reads its data that went on with other ones.
  static func all(of scaledFrom: ScaledFrom?, given: Preparation?) -> [DataRules] {
    let own: [DataRules] =
      switch scaledFrom {
      case .float64: [.current]
      case .float32: [DataRules(scaledFrom: .float32, isHonest: true), .first]
      case nil: [.current, .first]
      }
    return own + (given.map { [reading(scaledFrom, by: $0)] } ?? [])
  }

  /// The rules of a run that goes on with other data.
  static func reading(_ scaledFrom: ScaledFrom?, by given: Preparation) -> DataRules {
    DataRules(scaledFrom: scaledFrom ?? .float64, isHonest: true, given: given)
  }
}

import LabFormats
import LabStore

/// How a run reads its data, as far as that is stored with it: other data are read by it, too.
package struct Preparation: Equatable, Sendable {
  /// The run's classes; none where its targets are numbers.
  let classes: [String]
  /// Its features with their scales, and what stands for missing values.
  let features: [DataDescription.Feature]
  /// Its outputs with their scales.
  let targets: [DataDescription.Target]

  /// What other samples must be like.
  func form(targets presence: TargetPresence) -> SampleForm {
    SampleForm(classes: classes, features: features, targets: presence)
  }

  /// How missing values of so many features are filled in; nil where what stands for them is not stored.
  func filling(_ kind: MissingValues, of width: Int) -> MissingFilling? {
    let fills = features.compactMap(\.fill)
    let values =
      kind == .zero
      ? [Double](repeating: 0, count: width) : fills.count == width ? fills : nil
    return kind == .mean && values == nil ? nil : MissingFilling(kind: kind, values: values)
  }

  /// The scale of so many features; nil for none.
  ///
  /// - Parameters:
  ///   - place: What has the features, for messages.
  ///   - next: What is advised where others are stored.
  func normalization(
    _ kind: Normalize, of width: Int, where place: String, next: String
  ) throws(LabError) -> Normalization? {
    guard kind != .none else { return nil }
    guard features.count == width else {
      throw LabError(
        .data, "\(features.count) features have stored scales, and \(width) need them",
        where: place, next: next)
    }
    return Normalization(kind, shifts: features.map(\.shift), scales: features.map(\.scale))
  }

  /// The scale of the outputs' targets; nil for none.
  func targetNormalization(_ kind: Normalize) -> Normalization? {
    kind == .none
      ? nil : Normalization(kind, shifts: targets.map(\.shift), scales: targets.map(\.scale))
  }
}

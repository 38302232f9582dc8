/// What is done about values that are not there.
package enum MissingValues: String, CaseIterable, Sendable {
  /// They are refused.
  case error
  /// Their sequences, or the windows that hold them, are left out.
  case drop
  /// Each takes the value before it, a leading gap the first one behind it.
  case forwardFill = "forward_fill"
  /// Each takes the mean of its feature in the samples to train on.
  case mean
  /// Each is 0.
  case zero
}

extension MissingValues {
  /// What to do about a value of a sample that is not there.
  static let advice =
    "write the value, or train with `\"missing\"`: \"drop\", \"forward_fill\", \"mean\" or \"zero\""

  /// What to do about a target that is not there.
  static let adviceOfTarget =
    "write it, or train with `\"missing\": \"drop\"`, which leaves its sample out"

  /// The key of a source that says it.
  static func field<Source>(_ path: FieldPath<Source, MissingValues>) -> Field<Source> {
    Field(
      "missing", path, .name,
      "What is done about values that are not there, see [missing values](#missing-values)."
    ).omittedAtDefault
  }
}

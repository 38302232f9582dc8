import LabFormats

/// Where the samples come from and how they are prepared.
package struct DataConfig: Equatable, Sendable {
  /// The samples that are trained on.
  package var train: DataSource
  /// The samples that are measured with after every epoch; nil for none.
  package var validation: ValidationSource?
  /// The samples that are measured with when training is over; nil for none.
  package var test: DataSource?
  /// How the features are scaled.
  package var normalize = Normalize.none
  /// How numbers to predict are scaled.
  package var normalizeTarget = Normalize.none
}

/// How each feature is scaled, by what the training samples say of it.
package enum Normalize: String, CaseIterable, Sendable {
  /// The numbers stay as they are.
  case none
  /// To the mean 0 and the standard deviation 1.
  case standard
  /// To 0 … 1.
  case minmax
}

/// Samples that are never trained on.
package enum ValidationSource: Equatable, Sendable {
  /// A part of the training samples.
  case split(ValidationSplit)
  /// One of several parts that they are cut into.
  case folds(ValidationFolds)
  /// Samples of their own.
  case source(DataSource)
}

/// Which of the training samples are left out to validate with.
package struct ValidationSplit: Equatable, Sendable {
  /// How many of them, between 0 and 1.
  package var fraction: Double
  /// Whether the last of each target are taken, instead of the last of all.
  package var isStratified = false

  /// By default the last samples of all are left out.
  package init(_ fraction: Double, isStratified: Bool = false) {
    self.fraction = fraction
    self.isStratified = isStratified
  }
}

extension DataConfig {
  static var form: ObjectForm<DataConfig> {
    let source = Rule.object(DataSource.form, "a source, see [Data](#data)")
    return ObjectForm<DataConfig>(
      start: DataConfig(train: DataSource.form.fallback),
      [
        Field(required: "train", \.train, source, "What is trained on."),
        Field(
          optional: "validation", \.validation,
          .object(
            ValidationSource.form,
            "a source, or a [part](#validation-test-scales) or [fold](#folds) of the training samples"
          ),
          "What is measured after each epoch."),
        Field(
          optional: "test", \.test, source,
          "What is measured at the end, and nothing is chosen by."),
        Field(
          "normalize", \.normalize, .name,
          "How features are scaled, by the training samples' numbers."),
        Field(
          "normalize_target", \.normalizeTarget, .name,
          "How numbers to predict are scaled, by the training samples' numbers."
        ).omittedAtDefault,
      ]
    ).map(\.read, \.written)
  }
}

extension ValidationSource {
  /// A source, or what a split or folds need.
  static var form: ObjectForm<ValidationSource> {
    let source = DataSource.form, keys = DataSource.keys
    let split = ValidationSplit.form
    let (folds, rolling) = (ValidationFolds.form, ValidationFolds.rolling)
    return ObjectForm(
      fallback: .source(source.fallback),
      read: { object in
        if keys.contains(where: object.contains) { return .source(source.read(object)) }
        if object.contains("split") { return .split(split.read(object)) }
        if object.contains("rolling") { return .folds(rolling.read(object)) }
        if object.contains("folds") || object.contains("fold") { return .folds(folds.read(object)) }
        object.allow(keys + ["folds", "rolling"])
        return .split(split.read(object))
      },
      members: { value in
        switch value {
        case .source(let samples): source.members(samples)
        case .split(let part): split.members(part)
        case .folds(let part): folds.members(part) ?? rolling.members(part)
        }
      }, objects: { source.objects() + split.objects() + folds.objects() + rolling.objects() })
  }
}

extension ValidationSplit {
  fileprivate static var form: ObjectForm<ValidationSplit> {
    ObjectForm(
      "The last part of the training samples.", name: "split", start: ValidationSplit(0),
      [
        Field(
          required: "split", \.fraction, .betweenZeroAndOne, "The share that is validated with."),
        Field(
          "stratify", \.isStratified, .boolean,
          "Whether to split the samples of each target by themselves."),
      ])
  }
}

import LSTMEngine
package import LabFormats
package import LabStore

/// Everything that a run reads: the samples to train on and those to measure with.
package struct TrainingData: Equatable, Sendable {
  /// The samples that are trained on.
  package let train: Dataset
  /// The samples that are measured with after every epoch, if there are any.
  package let validation: Dataset?
  /// The samples that are measured with when training is over, if there are any.
  package let test: Dataset?
  /// The scale of each feature, which is applied to all the samples above; nil for none.
  package let normalization: Normalization?
  /// The scale of each output's targets; nil for none.
  package let targetNormalization: Normalization?
  /// What is stored of the data.
  package let description: DataDescription
  /// What was suspicious when the samples were loaded.
  package let warnings: [LabWarning]
  /// Which features of the samples to train on have fewer distinct numbers than were read.
  package let collapses: [Collapse]

  /// The SHA-256 of everything in the data that can change a run's result, in lower-case
  /// hexadecimal.
  package var hash: String { description.hash }

  /// Loads the data that a configuration names, splits and scales them.
  ///
  /// - Parameter rules: How; those that a stored run was made with give its data again.
  package init(_ config: Config, rules: DataRules = .current) throws(LabError) {
    let isWide = rules.scaledFrom == .float64
    let loading = Loading(
      file: config.file, loss: config.training.loss, rules: rules,
      keepsDoubles: isWide && config.data.normalize != .none)
    let config = isWide ? config.data.rounded : config.data
    let loaded = try LoadedSource(
      config.train, path: "data.train", in: loading.file,
      like: rules.given?.form(targets: .required), keepsDoubles: isWide)
    let parts = try loading.parts(
      of: loaded, config.validation, missing: config.train.missing)
    var (train, validation) = (parts.train, parts.validation)
    let filling = try loading.filling(config.train.missing, of: train)
    train = try filling.applied(to: train, path: "data.train", file: loading.file)
    var warnings = train.warnings
    if case .source(let source)? = config.validation {
      validation = try loading.dataset(
        source, path: "data.validation", like: train, filledAs: filling)
      warnings += validation?.warnings ?? []
    } else {
      validation = try validation.map { data throws(LabError) in
        try filling.applied(to: data, path: "data.validation", file: loading.file)
      }
    }
    let test = try config.test.map { source throws(LabError) in
      try loading.dataset(source, path: "data.test", like: train, filledAs: filling)
    }
    self.warnings = warnings + (test?.warnings ?? [])
    let normalization = try loading.normalization(config.normalize, of: train)
    try loading.requireNumbers(train, config.normalizeTarget)
    targetNormalization =
      rules.given.map { $0.targetNormalization(config.normalizeTarget) }
      ?? Normalization(config.normalizeTarget, ofTargets: train)
    description = DataDescription(
      train: train, validation: validation, test: test, dividing: parts.whole,
      normalization: normalization, targets: targetNormalization, scaledFrom: rules.scaledFrom,
      areScalesGiven: rules.given != nil)
    self.normalization = normalization
    collapses = Collapse.all(in: train, scaledBy: normalization)
    self.train = try loading.scaled(train, by: normalization, path: "data.train")
    self.validation = try validation.map { data throws(LabError) in
      try loading.scaled(data, by: normalization, path: "data.validation")
    }
    self.test = try test.map { data throws(LabError) in
      try loading.scaled(data, by: normalization, path: "data.test")
    }
  }
}

/// The steps of loading that a configuration file is blamed for.
struct Loading {
  let file: ConfigFile
  let loss: Loss
  let rules: DataRules
  let keepsDoubles: Bool

  /// Loads samples that must have the form of those that are trained on.
  func dataset(
    _ source: DataSource, path: String, like train: Dataset, filledAs filling: MissingFilling
  ) throws(LabError) -> Dataset {
    let data = try LoadedSource(
      source, path: path, in: file, like: SampleForm(train), keepsDoubles: keepsDoubles
    ).dataset(path: path, in: file, missing: source.missing)
    try requireSameForm(data, as: train, path: path)
    let kind = source.missing
    let filling =
      kind == filling.kind
      ? filling
      : try self.filling(kind, of: train)
    return try filling.applied(to: data, path: path, file: file)
  }

  /// What stands for missing values: what was given, else what the samples to train on say.
  func filling(_ kind: MissingValues, of train: Dataset) throws(LabError) -> MissingFilling {
    guard let given = rules.given else {
      return try MissingFilling(kind, trainedOn: train, path: "data.train", file: file)
    }
    guard let filling = given.filling(kind, of: train.features) else {
      throw LabError(
        .data, "`missing` is `mean`, but no means are stored with the run", where: file.path,
        next: "fill missing values in, or leave their sequences out")
    }
    return filling
  }

  /// The scale of the features: what was given, else what the samples to train on say.
  func normalization(_ kind: Normalize, of train: Dataset) throws(LabError) -> Normalization? {
    guard let given = rules.given else {
      return Normalization(kind, of: train.withoutMissingRows)
    }
    return try given.normalization(
      kind, of: train.features, where: file.path,
      next: "give the features that the run was trained with, in the same order")
  }

  /// Refuses to scale targets that are no numbers to predict.
  func requireNumbers(_ data: Dataset, _ kind: Normalize) throws(LabError) {
    guard kind != .none, loss.isCrossentropy || data.classNames != nil else { return }
    throw LabError(
      .data,
      "`data.normalize_target` scales numbers to predict, but "
        + (data.classNames == nil
          ? "`\(loss.rawValue)` compares probabilities" : "the targets are classes"),
      where: file.path,
      next: "leave it out, or predict numbers with `\"mean_squared_error\"`")
  }

  func scaled(
    _ data: Dataset, by normalization: Normalization?, path: String
  ) throws(LabError) -> Dataset {
    guard let normalization else { return data.withoutDoubles.withoutGaps }
    let scaled = data.normalized(by: normalization).withoutGaps
    guard let bad = scaled.x.firstIndex(where: { !$0.isFinite }) else { return scaled }
    let number = data.doubles.map { "\($0[bad])" } ?? "\(data.x[bad])"
    throw LabError(
      .data,
      "`\(path).x\(data.sequences.place(of: bad))` is \(number), which `normalize` makes "
        + "\(scaled.x[bad])",
      where: file.path,
      next: "feature \(bad % data.features) hardly changes in `data.train`: leave it out or scale "
        + "it yourself")
  }

  /// Refuses samples that no model for the trained ones can read; the number of time steps may
  /// differ. The lengths of targets, which may be time steps too, are checked with the model.
  private func requireSameForm(
    _ data: Dataset, as train: Dataset, path: String
  ) throws(LabError) {
    guard data.features == train.features else {
      throw LabError(
        .data, "`\(path).x` has \(data.features) features, `data.train.x` \(train.features)",
        where: file.path, next: "give both the same features in the same order")
    }
    guard data.targets.axes == train.targets.axes else {
      throw LabError(
        .data,
        "`\(path).y` has targets of shape \(data.targets.shape(of: 0)), "
          + "`data.train.y` of \(train.targets.shape(of: 0))",
        where: file.path, next: "give both the same number of axes")
    }
    guard data.classNames == train.classNames else {
      let named = train.classNames == nil ? path : "data.train"
      throw LabError(
        .data, "only `\(named)` has class names", where: file.path,
        next: "take both from sources of one kind, so that class numbers mean the same")
    }
  }
}

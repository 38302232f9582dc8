import LabFormats

extension Loading {
  /// The samples to train on, those of the same source to validate with, and of folds all of them.
  typealias Parts = (train: Dataset, validation: Dataset?, whole: Dataset?)

  /// Returns the samples to train on and those that are split off them to validate with.
  func parts(
    of loaded: LoadedSource, _ validation: ValidationSource?, missing: MissingValues
  ) throws(LabError) -> Parts {
    switch (loaded, validation) {
    case (_, nil), (_, .source):
      return (try loaded.dataset(path: "data.train", in: file, missing: missing), nil, nil)
    case (.samples(let data), .split(let split)):
      let (train, validation) = try parts(of: data, split)
      return (train, validation, nil)
    case (.series(let series, let windows), .split(let split)):
      guard !split.isStratified else {
        throw LabError(
          .data, "`data.validation.stratify` splits classes, but windows predict numbers",
          where: file.path,
          next: "leave `stratify` out: each series is then cut in time, before there are windows")
      }
      let (train, validation) = try parts(series.cut(split.fraction), windows, missing)
      return (train, validation, nil)
    case (.samples(let data), .folds(let folds)):
      return try parts(of: data, folds, missing)
    case (.series(let series, let windows), .folds(let folds)):
      try require(folds, fit: series, windows)
      let (train, validation) = try parts(series.cut(folds), windows, missing)
      let whole = try LoadedSource.series(series, windows).dataset(
        path: "data.train", in: file, missing: missing)
      return (train, validation, whole)
    }
  }

  private func parts(
    of train: Dataset, _ split: ValidationSplit
  ) throws(LabError) -> (Dataset, Dataset) {
    let stratified = StratifiedSplit(data: train, loss: loss, file: file) {
      Dataset.trained(of: $0, fraction: split.fraction) == 0
    }
    if split.isStratified, rules.isHonest {
      try stratified.requireClasses(without: "the split then takes the last samples")
    }
    guard let parts = train.split(split, keepsEveryTarget: rules.isHonest) else {
      if split.isStratified, rules.isHonest { throw stratified.nothingLeft }
      throw LabError(
        .data,
        "`data.validation.split` of \(split.fraction) leaves no sample on one side of "
          + "\(train.samples)",
        where: file.path, next: "choose a fraction that leaves at least one sample for each")
    }
    return parts
  }

  /// Cuts the two parts of series into windows.
  private func parts(
    _ series: (first: SeriesTable, last: SeriesTable), _ windows: Windows, _ missing: MissingValues
  ) throws(LabError) -> (Dataset, Dataset) {
    (
      try LoadedSource.series(series.first, windows).dataset(
        path: "data.train", in: file, missing: missing),
      try LoadedSource.series(series.last, windows).dataset(
        path: "data.validation", in: file, missing: missing)
    )
  }
}

// MARK: Folds

extension Loading {
  /// Samples that miss a value go before there are folds, so that these are as large as they can be.
  private func parts(
    of data: Dataset, _ folds: ValidationFolds, _ missing: MissingValues
  ) throws(LabError) -> Parts {
    guard folds.kind != .rolling else {
      throw LabError(
        .data, "`data.validation.rolling` cuts series in time, and `data.train` has samples",
        where: file.path,
        next: "name `folds` in its place, or cut series with `data.train.windows`")
    }
    var data = data
    if missing == .drop {
      data = try MissingFilling(kind: .drop, values: nil).applied(
        to: data, path: "data.train", file: file)
    }
    guard folds.count <= data.samples else {
      throw LabError(
        .data,
        "`data.validation.folds` is \(folds.count), and `data.train` has \(data.samples) "
          + "sample\(data.samples == 1 ? "" : "s")",
        where: file.path,
        next: data.samples < 2
          ? "folds need two samples or more"
          : "choose 2 to \(data.samples) folds: each validates with a sample or more")
    }
    var warnings = data.warnings
    if folds.kind == .stratified { warnings += try classWarnings(data, folds) }
    let places = data.places(inFoldsOf: folds)
    var train = data.selecting(places.indices.filter { places[$0] != folds.fold })
    var validation = data.selecting(places.indices.filter { places[$0] == folds.fold })
    train.warnings = warnings
    validation.dropped = 0  // they are counted once
    return (train, validation, data)
  }

  /// Refuses classes that all have fewer samples than there are folds, as scikit-learn does, and warns of
  /// the smallest where some have.
  private func classWarnings(
    _ data: Dataset, _ folds: ValidationFolds
  ) throws(LabError) -> [LabWarning] {
    let stratified = StratifiedSplit(data: data, loss: loss, file: file) { $0 < folds.count }
    try stratified.requireClasses(without: "folds then are samples in their order")
    let (ofSample, counts) = data.targetGroups
    guard let least = counts.min(), let most = counts.max(), least < folds.count,
      let smallest = counts.firstIndex(of: least), let sample = ofSample.firstIndex(of: smallest)
    else { return [] }
    let has =
      (data.classNames == nil
        ? "the class of `data.train.y[\(sample)]`" : "class \(stratified.name(ofClassOf: sample))")
      + " has \(least) sample\(least == 1 ? "" : "s")"
    guard most < folds.count else {
      let others = counts.count { $0 < folds.count } - 1
      return [
        LabWarning(
          "\(has) for \(folds.count) folds"
            + (others > 0 ? "; \(others) more \(others == 1 ? "has" : "have") too few, too" : ""),
          where: "\(file.path), data.validation.folds",
          next: "it is validated with in \(least) of them: choose fewer folds, or add samples")
      ]
    }
    throw LabError(
      .data,
      "`data.validation.folds` is \(folds.count), and every class has fewer samples: the most have "
        + "\(most), and \(has)", where: file.path,
      next: most < 2
        ? "leave `stratify` out, or give each class more samples"
        : "choose 2 to \(most) folds, or leave `stratify` out")
  }

  /// Refuses folds that series cannot be cut into.
  private func require(
    _ folds: ValidationFolds, fit series: SeriesTable, _ windows: Windows
  ) throws(LabError) {
    guard folds.kind == .rolling else {
      throw LabError(
        .data,
        "`data.validation.folds` takes samples out of their order, and windows share their rows",
        where: file.path,
        next: "name `rolling` in its place: a fold of each series is then validated with, and what "
          + "comes before it trained on")
    }
    let needed = windows.span + windows.horizon
    let longest = series.lengths.max() ?? 0
    let block = longest / (folds.count + 1)
    guard block < needed else { return }
    let most = longest / needed - 1
    throw LabError(
      .data,
      "`data.validation.rolling` of \(folds.count) leaves \(block) row\(block == 1 ? "" : "s") of "
        + "the longest series to validate with, and a window and its target take \(needed)",
      where: file.path,
      next: most < 2
        ? "give longer series: \(3 * needed) rows make 2 folds; or choose a smaller "
          + "`sequence_length`, `sampling_rate` or `horizon`"
        : "choose 2 to \(most) folds: its \(longest) rows are cut into one part more")
  }
}

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
      try requireUnstratified(
        split, "windows predict numbers",
        next: "each series is then cut in time, before there are windows")
      let (train, validation) = try parts(series.cut(split.fraction), windows, missing)
      return (train, validation, nil)
    case (.text(let text), .split(let split)):
      try requireUnstratified(split, "a text is cut in time", next: "its last part then validates")
      let (first, last) = text.cut(split.fraction)
      return (
        try first.dataset(path: "data.train"), try last.dataset(path: "data.validation"), nil
      )
    case (.text(let text), .folds(let folds)):
      guard folds.kind == .rolling else {
        throw LabError(
          .data, "`data.validation.folds` takes samples out of their order, and a text has one",
          where: file.path,
          next: "name `rolling` in its place: a fold of the text is then validated with, and what "
            + "comes before it trained on")
      }
      let (first, last) = text.cut(folds)
      return (
        try first.dataset(path: "data.train"), try last.dataset(path: "data.validation"),
        try text.dataset(path: "data.train")
      )
    case (.samples(let data), .folds(let folds)):
      return try foldParts(of: data, folds, missing)
    case (.series(let series, let windows), .folds(let folds)):
      try requireRoom(for: folds, in: series, windows)
      let (train, validation) = try parts(series.cut(folds), windows, missing)
      let whole = try LoadedSource.series(series, windows).dataset(
        path: "data.train", in: file, missing: missing)
      return (train, validation, whole)
    }
  }

  /// Refuses to split by classes what is cut in time.
  private func requireUnstratified(
    _ split: ValidationSplit, _ reason: String, next: String
  ) throws(LabError) {
    guard split.isStratified else { return }
    throw LabError(
      .data, "`data.validation.stratify` splits classes, but \(reason)", where: file.path,
      next: "leave `stratify` out: \(next)")
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

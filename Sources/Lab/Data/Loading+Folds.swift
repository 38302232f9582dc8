import LabFormats

extension Loading {
  /// Cuts samples into folds.
  ///
  /// Those that miss a value go before, so that folds are as large as they can be.
  func foldParts(
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
    guard folds.count <= data.samples else { throw tooMany(folds, for: data.samples) }
    let warnings = folds.kind == .stratified ? try classWarnings(data, folds) : []
    let places = data.places(inFoldsOf: folds)
    var train = data.selecting(places.indices.filter { places[$0] != folds.fold })
    var validation = data.selecting(places.indices.filter { places[$0] == folds.fold })
    train.warnings = data.warnings + warnings
    validation.dropped = 0  // they are counted once
    return (train, validation, data)
  }

  private func tooMany(_ folds: ValidationFolds, for samples: Int) -> LabError {
    LabError(
      .data,
      "`data.validation.folds` is \(folds.count), and `data.train` has \(samples) "
        + "sample\(samples == 1 ? "" : "s")",
      where: file.path,
      next: samples < 2
        ? "folds need two samples or more"
        : "choose 2 to \(samples) folds: each validates with a sample or more")
  }

  /// Refuses folds that series cannot be cut into.
  func requireRoom(
    for folds: ValidationFolds, in series: SeriesTable, _ windows: Windows
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

// MARK: Small classes

extension Loading {
  /// Refuses classes that all have fewer samples than there are folds, as scikit-learn does, and warns of
  /// the smallest where some have.
  private func classWarnings(
    _ data: Dataset, _ folds: ValidationFolds
  ) throws(LabError) -> [LabWarning] {
    let stratified = StratifiedSplit(data: data, loss: loss, file: file) { $0 < folds.count }
    try stratified.requireClasses(without: "folds then are samples in their order")
    let (ofSample, counts) = data.targetGroups
    guard let least = counts.min(), let most = counts.max(), least < folds.count,
      let sample = ofSample.firstIndex(where: { counts[$0] == least })
    else { return [] }
    let name =
      data.classNames == nil
      ? "the class of `data.train.y[\(sample)]`" : "class \(stratified.name(ofClassOf: sample))"
    let smallest = "\(name) has \(least) sample\(least == 1 ? "" : "s")"
    guard most >= folds.count else { throw tooSmall(smallest, most, folds) }
    let others = counts.count { $0 < folds.count } - 1
    return [
      LabWarning(
        "\(smallest) for \(folds.count) folds"
          + (others > 0 ? "; \(others) more \(others == 1 ? "has" : "have") too few, too" : ""),
        where: "\(file.path), data.validation.folds",
        next: "it is validated with in \(least) of them: choose fewer folds, or add samples")
    ]
  }

  private func tooSmall(_ smallest: String, _ most: Int, _ folds: ValidationFolds) -> LabError {
    LabError(
      .data,
      "`data.validation.folds` is \(folds.count), and every class has fewer samples: the most have "
        + "\(most), and \(smallest)", where: file.path,
      next: most < 2
        ? "leave `stratify` out, or give each class more samples"
        : "choose 2 to \(most) folds, or leave `stratify` out")
  }
}

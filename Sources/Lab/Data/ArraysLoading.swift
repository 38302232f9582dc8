import LabFormats

/// Reads samples and targets, or series, that a configuration holds or names as `.npy` files.
struct ArraysLoading {
  /// The source's JSON path, such as `data.train`.
  let path: String
  /// The configuration's.
  let file: ConfigFile
  /// Whether numbers that are no float32 are wanted as they are, too.
  let keepsDoubles: Bool

  /// Returns what the arrays hold; what lies beyond a sample's length is dropped unread.
  ///
  /// - Parameters:
  ///   - presence: Whether there may be no y, or one that misses values.
  ///   - hasUnknownTargets: Whether series without y have targets that are not known, instead of their own
  ///     columns.
  func loaded(
    _ source: ArraysSource, targets presence: TargetPresence = .required,
    hasUnknownTargets: Bool = false
  ) throws(LabError) -> LoadedSource {
    guard let windows = source.windows else { return .samples(try samples(source)) }
    let table = try series(source, hasUnknownTargets ? [] : windows.targets, targets: presence)
    return .series(hasUnknownTargets ? table.withUnknownTargets : table, windows)
  }

  /// Without y the targets of the samples are not known.
  private func samples(_ source: ArraysSource) throws(LabError) -> Dataset {
    var x = try LoadedArray(source.x, path: "\(path).x", in: file, keepsDoubles: keepsDoubles)
      .samples()
    var y =
      try source.y.map { y throws(LabError) in
        try LoadedArray(y, path: "\(path).y", in: file).targets()
      } ?? x.unknownTargets
    guard x.array.count == y.array.count else {
      throw LabError(
        .data, "\(path) has \(x.array.count) samples in x but \(y.array.count) targets in y",
        where: y.place, next: "give every sample one target")
    }
    var padding: PaddingFinding?
    if let lengths = try lengths(source, of: x.array) {
      let steps = Array(x.array.lengths)
      if y.array.axes == 3, !y.array.lengths.elementsEqual(lengths) {
        guard y.array.lengths.elementsEqual(steps) else { throw wrongSteps(y) }
        y.array = y.array.trimmed(to: lengths, fromStart: source.padding == .pre)
      }
      padding = PaddingFinding(x.array, lengths: lengths, source.padding)
      x.array = x.array.trimmed(to: lengths, fromStart: source.padding == .pre)
    }
    try x.requireFinite(mayMiss: source.missing != .error)
    if !y.isUnknown {
      try y.requireFinite(mayMiss: source.missing == .drop, next: MissingValues.adviceOfTarget)
    }
    var data = Dataset(x: x.array, targets: y.array)
    data.warnings = [padding?.warning(path: path, file: file)].compactMap { $0 }
    return data
  }

  private func lengths(
    _ source: ArraysSource, of x: RaggedArray
  ) throws(LabError) -> [Int]? {
    guard let lengths = source.lengths else { return nil }
    let loaded = try LoadedLengths(lengths, path: "\(path).lengths", in: file)
    try loaded.requireFit(Array(x.lengths), path: path)
    return loaded.values
  }

  private func wrongSteps(_ y: PlacedArray) -> LabError {
    LabError(
      .data, "`\(y.path)` has time steps that are neither those of x nor its lengths",
      where: y.place,
      next: "with `lengths`, targets of three axes have as many time steps as x, or only those "
        + "that count")
  }
}

// MARK: Series

extension ArraysLoading {
  /// Returns series with the columns that windows predict: y's, or without y those of x itself.
  ///
  /// - Parameter predicted: Their numbers; nil for all.
  private func series(
    _ source: ArraysSource, _ predicted: [String]?, targets presence: TargetPresence
  ) throws(LabError) -> SeriesTable {
    var x = try LoadedArray(source.x, path: "\(path).x", in: file, keepsDoubles: keepsDoubles)
      .series()
    var y = try source.y.map { y throws(LabError) in
      try LoadedArray(y, path: "\(path).y", in: file).targets(ofSeries: x)
    }
    if let y { try requireRows(of: y, besides: x) }
    if let lengths = try lengths(source, of: x.array) {
      x.array = x.array.trimmed(to: lengths, fromStart: source.padding == .pre)
      if let whole = y?.array {
        y?.array = whole.trimmed(to: lengths, fromStart: source.padding == .pre)
      }
    }
    try x.requireFinite(mayMiss: source.missing != .error)
    try y?.requireFinite(mayMiss: source.missing != .error || presence == .optional)
    let from = y ?? x
    return SeriesTable(
      lengths: Array(x.array.lengths), x: x.array,
      targets: SeriesTable.columns(try columns(predicted, of: from), of: from.array))
  }

  private func requireRows(of y: PlacedArray, besides x: PlacedArray) throws(LabError) {
    guard x.array.count == y.array.count else {
      throw LabError(
        .data, "\(path) has \(x.array.count) series in x but \(y.array.count) in y",
        where: y.place, next: "give y a row for each time step of x")
    }
    let pairs = zip(x.array.lengths, y.array.lengths).enumerated()
    guard let (series, (steps, rows)) = pairs.first(where: { $1.0 != $1.1 }) else { return }
    let index = x.isOne ? "" : "[\(series)]"
    throw LabError(
      .data, "`\(x.path)\(index)` has \(steps) time steps, `\(y.path)\(index)` has \(rows)",
      where: y.place, next: "give y a row for each time step of x")
  }

  /// The columns of an array that windows predict.
  private func columns(
    _ targets: [String]?, of array: PlacedArray
  ) throws(LabError) -> [Int] {
    let width = array.array.width
    guard let targets else { return Array(0..<width) }
    let columns = targets.map { Int($0) ?? width }
    guard let bad = columns.firstIndex(where: { $0 >= width }) else { return columns }
    throw LabError(
      .data,
      "`\(path).windows.targets[\(bad)]` is \(targets[bad]), `\(array.path)` has \(width) "
        + "column\(width == 1 ? "" : "s")",
      where: file.path, next: "columns are counted from 0")
  }
}

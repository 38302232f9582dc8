import LabFormats

/// Series that are to be cut into windows: rows of features, and beside each what may be predicted.
struct SeriesTable {
  /// The number of rows of each series.
  var lengths: [Int]
  /// The number of each series' first row in the series that it was cut from; nil where none was cut.
  var firstRows: [Int]?
  /// The features of every row, (rows, F).
  var x: RaggedArray
  /// The numbers that may be predicted, (rows, K); NaN where one is missing.
  var targets: [Float]
  var targetNames: [String]?
  var featureNames: [String]?
  var categories: [String?]?
  /// What the source calls each series.
  var ids: TextList?

  /// The numbers that are predicted of a row, K.
  var width: Int { targets.count / max(1, lengths.reduce(0, +)) }

  /// Cuts each series in time: the first `1 − fraction` of its rows, rounded down, and the others.
  func cut(_ fraction: Double) -> (first: SeriesTable, last: SeriesTable) {
    let firsts = lengths.map { Dataset.trained(of: $0, fraction: fraction) }
    let lasts = zip(lengths, firsts).map { $0 - $1 }
    return (part(firsts, fromEnd: false), part(lasts, fromEnd: true))
  }

  /// The first rows of each series, or the last.
  func part(_ counts: [Int], fromEnd: Bool) -> SeriesTable {
    var part = self
    part.lengths = counts
    if fromEnd {
      part.firstRows = lengths.indices.map { (firstRows?[$0] ?? 0) + lengths[$0] - counts[$0] }
    }
    part.x = x.trimmed(to: counts, fromStart: fromEnd)
    let width = width
    var kept: [Float] = []
    kept.reserveCapacity(counts.reduce(0, +) * width)
    var start = 0
    for (length, count) in zip(lengths, counts) {
      let first = fromEnd ? start + length - count : start
      kept += targets[first * width..<(first + count) * width]
      start += length
    }
    part.targets = kept
    return part
  }
}

extension SeriesTable {
  /// Takes sequences as series, of which windows predict features.
  ///
  /// - Throws: `LabError` where there is no such feature.
  init(
    _ data: Dataset, predicting windows: Windows, path: String, file: ConfigFile
  ) throws(LabError) {
    let known = data.featureNames ?? []
    let names = windows.targets ?? known
    var columns: [Int] = []
    for (index, name) in names.enumerated() {
      guard let column = known.firstIndex(of: name) else {
        throw LabError(
          .data,
          "there is no feature `\(Visible.line(name))`, which `\(path).windows.targets[\(index)]` names",
          where: file.path,
          next: Suggestion.text(for: name, among: known) + "features: "
            + known.joined(separator: ", "))
      }
      columns.append(column)
    }
    self.init(
      lengths: Array(data.lengths), x: data.sequences,
      targets: Self.columns(columns, of: data.sequences), targetNames: names,
      featureNames: data.featureNames)
  }

  /// The same series, what may be predicted not being known.
  var withUnknownTargets: SeriesTable {
    var table = self
    table.targets = [Float](repeating: .nan, count: lengths.reduce(0, +))
    return table
  }

  /// Returns some columns of every row; all of them are not copied.
  static func columns(_ columns: [Int], of rows: RaggedArray) -> [Float] {
    guard columns != Array(0..<rows.width) else { return rows.values }
    var values: [Float] = []
    values.reserveCapacity(rows.values.count / rows.width * columns.count)
    for start in stride(from: 0, to: rows.values.count, by: rows.width) {
      for column in columns { values.append(rows.values[start + column]) }
    }
    return values
  }

  /// Returns the same series, a missing number to predict being the one before it, or the first behind a
  /// leading gap; and how many those were.
  private var filledForward: (table: SeriesTable, count: Int) {
    let fill = ForwardFill(targets, width: width, lengths: lengths)
    var table = self
    table.targets = fill.applied(to: targets)
    return (table, fill.gaps.count)
  }

  /// Returns the windows of every series, as `windows` does.
  ///
  /// - Parameter fillsForward: Whether a missing number to predict becomes the one before it.
  func windows(
    _ settings: Windows, path: String, file: ConfigFile, fillsForward: Bool,
    keepsUnknown: Bool = false
  ) throws(LabError) -> Dataset {
    let (table, count) = fillsForward ? filledForward : (self, 0)
    var data = try table.windows(settings, path: path, file: file, keepsUnknown: keepsUnknown)
    data.filledTargets = count
    return data
  }

  /// Returns the windows of every series, each with the rows behind it as its target, row by row;
  /// windows whose target misses a value are left out where that is asked for.
  ///
  /// A window of T steps, one every r rows, from row s has the rows s, s + r, …, s + (T − 1)·r; the next
  /// one begins `stride` rows later.
  /// - Parameter keepsUnknown: Whether windows whose target misses a value stay.
  /// - Throws: `LabError` where no series is long enough.
  private func windows(
    _ settings: Windows, path: String, file: ConfigFile, keepsUnknown: Bool
  ) throws(LabError) -> Dataset {
    let needed = settings.span + settings.horizon
    let width = width
    let outputs = settings.horizon * width
    let count = try windowCount(settings, path: path, file: file)
    var starts = Progression()
    var wanted: [Float] = []
    wanted.reserveCapacity(count * outputs)
    var dropped = 0
    var base = 0
    for length in lengths {
      for start in stride(from: 0, through: length - needed, by: settings.stride) {
        let first = (base + start + settings.span) * width
        let target = first..<first + settings.horizon * width
        if !keepsUnknown, target.contains(where: { targets[$0].isNaN }) {
          dropped += 1
          continue
        }
        starts.append(base + start)
        for index in target { wanted.append(targets[index]) }
      }
      base += length
    }
    guard !starts.isEmpty else { throw tooShort(needed, dropped, path: path, file: file) }
    var data = Dataset(
      x: x,
      targets: RaggedArray(
        axes: 2, lengths: Progression(repeating: outputs, count: starts.count), values: wanted),
      windows: places(of: starts, settings),
      featureNames: featureNames)
    data.categories = categories
    data.dropped = dropped
    data.targetNames = targetNames.map { names in
      (1...settings.horizon).flatMap { step in
        settings.horizon == 1 ? names : names.map { "\($0)+\(step)" }
      }
    }
    return data
  }

  /// Windows on these series that begin at some rows.
  func places(of starts: Progression, _ settings: Windows) -> WindowPlaces {
    WindowPlaces(
      seriesLengths: lengths, firstRows: firstRows, ids: ids, starts: starts,
      length: settings.length, rate: settings.rate,
      settings: [settings.length, settings.stride, settings.rate, settings.horizon, width],
      series: targets)
  }

  /// The most numbers that are predicted: 8 GiB of float32.
  private static let most = 1 << 31

  /// Returns the number of windows, and refuses targets that no machine holds: each row of a series stands in
  /// those of `horizon` windows.
  private func windowCount(
    _ settings: Windows, path: String, file: ConfigFile
  ) throws(LabError) -> Int {
    let needed = settings.span + settings.horizon
    let windows = lengths.reduce(0) { $0 + max(0, $1 - needed + settings.stride) / settings.stride }
    let outputs = settings.horizon * width
    guard Double(windows) * Double(outputs) > Double(Self.most) else {
      return windows
    }
    throw LabError(
      .data,
      "\(windows) windows of `\(path)` with \(outputs) numbers to predict each take "
        + NumberText.bytes(4 * Double(windows) * Double(outputs)), where: file.path,
      next:
        "choose a smaller `horizon`, fewer `targets` or a larger `sequence_stride`: at most 8 GiB"
    )
  }

  private func tooShort(
    _ needed: Int, _ dropped: Int, path: String, file: ConfigFile
  ) -> LabError {
    let longest = lengths.max() ?? 0
    return LabError(
      .data,
      dropped > 0
        ? "in every window of `\(path)` a value to predict is missing"
        : "no window fits: a window and its target take \(needed) rows, the longest series of "
          + "`\(path)` has \(longest)",
      where: file.path,
      next: dropped > 0
        ? "fill missing values: `\"missing\": \"forward_fill\"`"
        : "choose a smaller `sequence_length`, `sampling_rate` or `horizon`, or give longer series; a "
          + "`validation.split` leaves a part of each series")
  }
}

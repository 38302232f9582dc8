import LabFormats

/// Series that are to be cut into windows: rows of features, and beside each what may be predicted.
struct SeriesTable {
  /// The number of rows of each series.
  var lengths: [Int]
  /// The features of every row, (rows, F).
  var x: RaggedArray
  /// The numbers that may be predicted, (rows, K); NaN where one is missing.
  var targets: [Float]
  var targetNames: [String]?
  var featureNames: [String]?
  var categories: [String?]?
  /// What the source calls each series.
  var ids: [String]?

  /// The numbers that are predicted of a row, K.
  var width: Int { targets.count / max(1, lengths.reduce(0, +)) }

  /// Cuts each series in time: the first `1 − fraction` of its rows, rounded down, and the others.
  func cut(_ fraction: Double) -> (first: SeriesTable, last: SeriesTable) {
    let firsts = lengths.map { Dataset.trained(of: $0, fraction: fraction) }
    let lasts = zip(lengths, firsts).map { $0 - $1 }
    return (part(firsts, fromEnd: false), part(lasts, fromEnd: true))
  }

  private func part(_ counts: [Int], fromEnd: Bool) -> SeriesTable {
    var part = self
    part.lengths = counts
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
  /// Returns the same series, a missing number to predict being the one before it, or the first behind a
  /// leading gap.
  var fillingTargetsForward: SeriesTable {
    var table = self
    table.targets = ForwardFill(targets, width: width, lengths: lengths).applied(to: targets)
    return table
  }

  /// Returns the windows of every series, each with the rows behind it as its target, row by row;
  /// windows whose target misses a value are left out where that is asked for.
  ///
  /// A window of T steps, one every r rows, from row s has the rows s, s + r, …, s + (T − 1)·r; the next
  /// one begins `stride` rows later.
  /// - Parameter keepsUnknown: Whether windows whose target misses a value stay.
  /// - Throws: `LabError` where no series is long enough.
  func windows(
    _ settings: Windows, path: String, file: ConfigFile, keepsUnknown: Bool = false
  ) throws(LabError) -> Dataset {
    let needed = settings.span + settings.horizon
    let width = width
    var starts: [Int] = []
    var wanted: [Float] = []
    var dropped = 0
    var base = 0
    for length in lengths {
      for start in stride(from: 0, through: length - needed, by: settings.stride) {
        let first = (base + start + settings.span) * width
        let target = targets[first..<first + settings.horizon * width]
        if !keepsUnknown, target.contains(where: \.isNaN) {
          dropped += 1
          continue
        }
        starts.append(base + start)
        wanted += target
      }
      base += length
    }
    guard !starts.isEmpty else { throw tooShort(needed, dropped, path: path, file: file) }
    var data = Dataset(
      x: x,
      targets: RaggedArray(
        axes: 2, lengths: starts.map { _ in settings.horizon * width }, values: wanted),
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
  func places(of starts: [Int], _ settings: Windows) -> WindowPlaces {
    WindowPlaces(
      seriesLengths: lengths, starts: starts, length: settings.length, rate: settings.rate,
      settings: [settings.length, settings.stride, settings.rate, settings.horizon, width],
      series: targets)
  }

  private func tooShort(
    _ needed: Int, _ dropped: Int, path: String, file: ConfigFile
  ) -> LabError {
    let longest = lengths.max() ?? 0
    return LabError(
      .data,
      dropped > 0
        ? "every window of `\(path)` misses a value to predict"
        : "no window fits: a window and its target take \(needed) rows, the longest series of "
          + "`\(path)` has \(longest)",
      where: file.path,
      next: dropped > 0
        ? "fill missing values: `\"missing\": \"forward_fill\"`"
        : "choose a smaller `sequence_length`, `sampling_rate` or `horizon`, or give longer series; a "
          + "`validation.split` leaves a part of each series")
  }
}

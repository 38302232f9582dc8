import LabFormats

extension SeriesTable {
  /// Returns the last window of every series that is long enough for one, called as its series; what
  /// follows its last row, which is the series' own, is not known.
  ///
  /// - Throws: `LabError` where no series is long enough.
  func lastWindows(
    _ settings: Windows, path: String, file: ConfigFile
  ) throws(LabError) -> Dataset {
    var starts = Progression()
    var names: TextList = []
    var end = 0
    for (series, length) in lengths.enumerated() {
      end += length
      guard length >= settings.span else { continue }
      starts.append(end - settings.span)
      if let ids { names.append(utf8: ids.utf8(of: series)) }
    }
    guard !starts.isEmpty else {
      throw LabError(
        .data,
        "no window fits: one takes \(settings.span) rows, the longest series of `\(path)` has "
          + "\(lengths.max() ?? 0)", where: file.path,
        next: "give the rows before them, too: what follows is told from the last "
          + "\(settings.span) of a series")
    }
    let outputs = settings.horizon * width
    var data = Dataset(
      x: x,
      targets: RaggedArray(
        axes: 2, lengths: Progression(repeating: outputs, count: starts.count),
        values: [Float](repeating: .nan, count: starts.count * outputs)),
      windows: places(of: starts, settings),
      featureNames: featureNames, ids: ids == nil ? nil : names)
    data.categories = categories
    data.targetNames = targetNames
    return data
  }
}

extension WindowPlaces {
  /// The series that each window stands on, and the row that follows its last one: both by their numbers
  /// in the source of data.
  var rowsBehind: [SeriesRow] {
    let rows = rate * (length - 1) + 1
    var (before, last) = (0, 0)
    return zip(starts, seriesOfWindows).map { start, series in
      while last < series {
        before += seriesLengths[last]
        last += 1
      }
      return SeriesRow(series: series, row: (firstRows?[series] ?? 0) + start - before + rows)
    }
  }

  /// The series that each window stands on, by their numbers; windows stand in the order of their series.
  var seriesOfWindows: [Int] {
    var (series, end) = (0, seriesLengths.first ?? 0)
    return starts.map { start in
      while start >= end, series + 1 < seriesLengths.count {
        series += 1
        end += seriesLengths[series]
      }
      return series
    }
  }
}

/// A row of a series, both by their numbers from 0.
struct SeriesRow: Equatable {
  let series: Int
  let row: Int
}

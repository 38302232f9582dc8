import LSTMEngine
import LabFormats
import LabStore

/// The last windows of some series, and the epoch that is asked what follows them.
struct SeriesEnds {
  /// The epoch with a sample for each series that is long enough.
  let epoch: AppliedEpoch
  let windows: Windows

  /// Takes the series of a file.
  init(_ opened: OpenedRun, file: NewData) throws {
    windows = try opened.windows()
    let reading = try NewDataReading(opened, data: file)
    epoch = try AppliedEpoch(
      reading, reading.lastWindows(), from: .file(file.path), table: reading.table)
  }

  /// Takes a part of the series that the run was trained with; what is validated with at their ends
  /// begins with what was trained on.
  ///
  /// - Parameter plan: The run's own, where it is loaded already.
  init(_ opened: OpenedRun, split name: String?, plan: TrainingPlan? = nil) throws {
    windows = try opened.windows()
    let plan = try plan ?? opened.plan(opened.config)
    let split = try AppliedEpoch.split(name, of: plan, at: opened.place)
    let file = plan.config.file
    let source = plan.source(of: split)
    let reading = try NewDataReading(opened, data: NewData(path: file.path), as: source)
    epoch = try AppliedEpoch(
      reading,
      reading.lastWindows { form in
        let loaded = try LoadedSource(
          source, path: "data.\(split.rawValue)", in: file, like: form,
          keepsDoubles: reading.keepsDoubles)
        return loaded.part(split, plan.config.data.validation)
      }, from: .split(split), table: source.table(in: file))
  }

  /// The number of each series and the number of its rows, window by window.
  var series: [(number: Int, rows: Int)] {
    guard let places = epoch.data.windows else { return [] }
    return places.seriesOfWindows.map { ($0, places.seriesLengths[$0]) }
  }

  /// What a column says in the last row of each series, window by window.
  func labels(_ column: String) throws(LabError) -> [String] {
    try epoch.labels(column, of: series.map { SeriesRow(series: $0.number, row: $0.rows - 1) })
  }

  /// What was done about series that are too short and about missing values, where there were some.
  var notes: [String] {
    let short = epoch.data.windows?.seriesLengths.count { $0 < windows.span } ?? 0
    return [
      short == 0
        ? nil : "series left out, because they are shorter than \(windows.span) rows: \(short)",
      epoch.missing,
    ].compactMap(\.self)
  }
}

extension OpenedRun {
  /// How the run cuts series into samples.
  ///
  /// - Throws: `LabError` where it reads no series.
  fileprivate func windows() throws -> Windows {
    guard let windows = try config.data.train.windows else { throw withoutWindows }
    return windows
  }

  /// The error of a run that was not trained on windows.
  var withoutWindows: LabError {
    let isOfText = (try? config)?.data.train.text != nil
    return LabError(
      .usage, "run \(id) was not trained on windows, which tell what follows a series",
      where: "--forecast",
      next: isOfText
        ? "let it go on with a text: lstm-lab generate \(id)\(database.option)"
        : "train one whose `data.train` has `\"windows\": {\"sequence_length\": T}`")
  }
}

extension DataSource {
  /// How series are cut into samples, and the columns that are predicted; nil where there are no series.
  var cutting: (windows: Windows, targets: [String])? {
    guard let windows else { return nil }
    if case .csv(let table) = self { return (windows, windows.targets ?? table.features ?? []) }
    return (windows, windows.targets ?? [])
  }
}

extension DataSource {
  /// The table that it names, and where it lies; nil where it is none.
  func table(in file: ConfigFile) -> (source: CSVSource, path: String)? {
    guard case .csv(let table) = self else { return nil }
    return (table, file.locating(table.path))
  }
}

extension LoadedSource {
  /// The part of series that is trained on, where another is validated with; and what is validated with
  /// after all that comes before it.
  fileprivate func part(_ split: DataSplit, _ validation: ValidationSource?) -> LoadedSource {
    guard case .series(let series, let windows) = self else { return self }
    return switch (split, validation) {
    case (.train, .split(let part)): .series(series.cut(part.fraction).first, windows)
    case (.train, .folds(let folds)): .series(series.cut(folds).first, windows)
    case (.validation, .folds(let folds)): .series(series.upTo(folds), windows)
    default: self
    }
  }
}

extension TrainingPlan {
  /// Where a part of the data is from.
  func source(of split: DataSplit) -> DataSource {
    switch (split, config.data.validation) {
    case (.validation, .source(let source)): source
    case (.test, _): config.data.test ?? config.data.train
    default: config.data.train
    }
  }
}

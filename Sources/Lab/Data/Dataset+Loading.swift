package import LabFormats

/// What a source holds: samples, or what is still to be cut into samples, series or a text.
enum LoadedSource {
  case samples(Dataset)
  case series(SeriesTable, Windows)
  case text(CharacterSeries)

  /// Reads a source.
  ///
  /// - Parameters:
  ///   - path: The source's JSON path, such as `data.train`.
  ///   - config: The configuration's file.
  ///   - form: What the samples must be like; nil for those to train on.
  ///   - keepsDoubles: Whether numbers that are no float32 are wanted as they are, too.
  /// - Throws: `LabError` naming the file and the place in it, what stands there and what is needed.
  init(
    _ source: DataSource, path: String, in config: ConfigFile, like form: SampleForm? = nil,
    keepsDoubles: Bool = false
  ) throws(LabError) {
    switch source {
    case .arrays(let arrays):
      self = try ArraysLoading(path: path, file: config, keepsDoubles: keepsDoubles)
        .loaded(arrays, targets: form?.presence ?? .required)
    case .timeSeries(let series):
      self = .samples(
        try TSFile(
          contentsOf: config.locating(series.path), classNames: form?.classNames,
          targets: form?.presence ?? .required, missing: series.missing,
          keepsDoubles: keepsDoubles
        ).dataset)
    case .csv(let source):
      let reading = try CSVReading(
        source, path: path, in: config, like: form, keepsDoubles: keepsDoubles)
      if let windows = source.windows {
        self = .series(try reading.series(windows), windows)
      } else {
        self = .samples(try reading.samples())
      }
    case .text(let source):
      self = .text(
        try CharacterSeries(
          source, contentsOf: config.locating(source.path), classes: form?.classNames))
    case .generator(let source):
      let data = source.dataset()
      if let windows = source.windows {
        let series = try SeriesTable(data, predicting: windows, path: path, file: config)
        self = .series(series, windows)
      } else {
        self = .samples(data)
      }
    }
    // A target is never made up: its sequence goes before there are splits.
    if source.missing == .drop, form?.presence != .optional, case .samples(let data) = self {
      self = .samples(try data.withKnownTargets(path: path, file: config))
    }
  }

  /// Returns the samples; series are cut whole.
  ///
  /// - Parameters:
  ///   - missing: What is done about values that windows should predict.
  ///   - keepsUnknown: Whether windows whose target misses a value stay.
  func dataset(
    path: String, in file: ConfigFile, missing: MissingValues, keepsUnknown: Bool = false
  ) throws(LabError) -> Dataset {
    switch self {
    case .samples(let data): data
    case .text(let text): try text.dataset(path: path)
    case .series(let series, let windows):
      try series.windows(
        windows, path: path, file: file, fillsForward: missing == .forwardFill,
        keepsUnknown: keepsUnknown)
    }
  }
}

extension Dataset {
  /// Loads the samples of `source`, as `LoadedSource` does.
  package init(
    _ source: DataSource, path: String, in config: ConfigFile, classNames: [String]? = nil,
    targets presence: TargetPresence = .required, keepsDoubles: Bool = false
  ) throws(LabError) {
    let isNew = classNames != nil || presence == .optional
    self = try LoadedSource(
      source, path: path, in: config,
      like: isNew ? SampleForm(classNames: classNames, targets: presence) : nil,
      keepsDoubles: keepsDoubles
    ).dataset(path: path, in: config, missing: source.missing)
  }
}

extension DataSource {
  /// What is done about values that are not there.
  var missing: MissingValues {
    switch self {
    case .arrays(let arrays): arrays.missing
    case .timeSeries(let series): series.missing
    case .csv(let csv): csv.missing
    case .generator, .text: .error
    }
  }

  /// How its series are cut into samples; nil where it has samples.
  var windows: Windows? {
    switch self {
    case .arrays(let arrays): arrays.windows
    case .csv(let csv): csv.windows
    case .generator(let task): task.windows
    case .timeSeries, .text: nil
    }
  }
}

/// Whether samples must have targets.
package enum TargetPresence: Sendable {
  /// Every sample has its target.
  case required
  /// New data may be without: a column or label that is not there, or says that its value is missing.
  case optional
}

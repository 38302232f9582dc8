package import LabFormats

/// What a source holds: samples, or series that are still to be cut into windows.
enum LoadedSource {
  case samples(Dataset)
  case series(SeriesTable, Windows)

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
      self = .samples(
        try ArraysLoading(path: path, file: config, keepsDoubles: keepsDoubles).dataset(arrays))
    case .timeSeries(let file):
      self = .samples(
        try TSFile(
          contentsOf: config.locating(file), classNames: form?.classNames,
          targets: form?.presence ?? .required,
          keepsDoubles: keepsDoubles
        ).dataset)
    case .csv(let source):
      let reading = try CSVReading(
        source, path: path, in: config, like: form, keepsDoubles: keepsDoubles)
      guard let windows = source.windows else {
        self = .samples(try reading.samples())
        return
      }
      let series = try reading.series(windows)
      self = .series(
        source.missing == .forwardFill ? series.fillingTargetsForward : series, windows)
    case .generator(let source):
      self = .samples(source.dataset())
    }
  }

  /// Returns the samples; series are cut whole.
  func dataset(path: String, in file: ConfigFile) throws(LabError) -> Dataset {
    switch self {
    case .samples(let data): data
    case .series(let series, let windows): try series.windows(windows, path: path, file: file)
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
    ).dataset(path: path, in: config)
  }
}

extension DataSource {
  /// What is done about values that are not there.
  var missing: MissingValues {
    if case .csv(let csv) = self { csv.missing } else { .error }
  }
}

/// Whether samples must have targets.
package enum TargetPresence: Sendable {
  /// Every sample has its target.
  case required
  /// New data may be without: a column or label that is not there, or says that its value is missing.
  case optional
}

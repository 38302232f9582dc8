package import LabFormats

extension Dataset {
  /// Loads the samples of `source`.
  ///
  /// - Parameters:
  ///   - path: The source's JSON path, such as `data.train`.
  ///   - config: The configuration's file.
  ///   - classNames: The classes of the training samples, which these must belong to.
  ///   - keepsDoubles: Whether numbers that are no float32 are wanted as they are, too.
  /// - Throws: `LabError` naming the file and the place in it, what stands there and what is needed.
  package init(
    _ source: DataSource, path: String, in config: ConfigFile, classNames: [String]? = nil,
    keepsDoubles: Bool = false
  ) throws(LabError) {
    switch source {
    case .arrays(let arrays):
      self = try ArraysLoading(path: path, file: config, keepsDoubles: keepsDoubles).dataset(arrays)
    case .timeSeries(let file):
      self = try TSFile(
        contentsOf: config.locating(file), classNames: classNames, keepsDoubles: keepsDoubles
      ).dataset
    case .csv(let source):
      self = try CSVSequences(
        source, contentsOf: config.locating(source.path), path: path, classNames: classNames,
        keepsDoubles: keepsDoubles
      ).dataset()
    case .generator(let source):
      self = source.dataset()
    }
  }
}

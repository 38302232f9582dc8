package import LabFormats

extension Dataset {
  /// Loads the samples of `source`.
  ///
  /// - Parameters:
  ///   - path: The source's JSON path, such as `data.train`.
  ///   - configPath: The configuration file; relative paths start at its folder.
  ///   - classNames: The classes of the training samples, which these must belong to.
  /// - Throws: `LabError` naming the file and the place in it, what stands there and what is needed.
  package init(
    _ source: DataSource, path: String, configPath: String, classNames: [String]? = nil
  ) throws(LabError) {
    switch source {
    case .arrays(let arrays):
      self = try ArraysLoading(path: path, configPath: configPath).dataset(arrays)
    case .timeSeries(let file):
      let file = FilePath.resolve(file, besides: configPath)
      self = try TSFile(contentsOf: file, classNames: classNames).dataset
    case .csv(let source):
      let file = FilePath.resolve(source.path, besides: configPath)
      self = try CSVSequences(
        source, contentsOf: file, path: path, classNames: classNames
      ).dataset()
    case .generator(let source):
      self = source.dataset()
    }
  }
}

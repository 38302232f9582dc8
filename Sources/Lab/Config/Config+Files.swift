extension Config {
  /// The paths of the files that the configuration names, as written, each once.
  var files: [String] {
    Self.once(data.files(in: file) + [model.initialWeights?.path].compactMap { $0 })
  }

  /// Those of the data.
  var dataFiles: [String] { Self.once(data.files(in: file)) }

  private static func once(_ all: [String]) -> [String] {
    all.enumerated().filter { all.firstIndex(of: $0.element) == $0.offset }.map(\.element)
  }
}

extension DataConfig {
  fileprivate func files(in file: ConfigFile) -> [String] {
    [train, validation?.source, test].compactMap { $0 }.flatMap { $0.files(in: file) }
  }
}

extension ValidationSource {
  /// The samples of their own, if that is what they are.
  fileprivate var source: DataSource? {
    if case .source(let source) = self { source } else { nil }
  }
}

extension DataSource {
  fileprivate func files(in config: ConfigFile) -> [String] {
    switch self {
    case .arrays(let arrays):
      var files = [arrays.x, arrays.y].compactMap { array in
        if case .file(let path) = array { path } else { nil }
      }
      if case .file(let path) = arrays.lengths { files.append(path) }
      return files.map { ArrayFile($0, in: config).path }
    case .timeSeries(let series): return [series.path]
    case .csv(let source): return [source.path]
    case .text(let source): return [source.path]
    case .generator: return []
    }
  }
}

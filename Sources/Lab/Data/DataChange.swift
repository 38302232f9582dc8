import LabFormats
import LabStore

/// What differs between the data that a run was trained with and those that are there now.
struct DataChange: CustomStringConvertible {
  /// The names of the parts that differ, in the order of hashing.
  let parts: [String]
  /// What happened to each.
  let description: String

  /// Compares the stored fingerprints with those of today.
  init(from stored: [DataDescription.Part], to current: [DataDescription.Part]) {
    var changes: [(part: String, verb: String)] = []
    for part in current {
      let old = stored.first { $0.name == part.name }
      if old == nil { changes.append((part.name, "is new")) }
      if let old, old.hash != part.hash { changes.append((part.name, "changed")) }
    }
    for part in stored where !current.contains(where: { $0.name == part.name }) {
      changes.append((part.name, "is gone"))
    }
    // Scales follow from train.x: they are not a change of their own.
    let followers = changes.contains { $0.part == "train.x" } ? ["normalization"] : []
    changes.removeAll { followers.contains($0.part) }
    parts = changes.map(\.part)
    description = changes.map { "`data.\($0.part)` \($0.verb)" }.joined(separator: ", ")
  }

  /// Whether samples differ, not only the scales and what is filled in, which a fold has of its own.
  var hasOtherSamples: Bool {
    parts.contains { !["fills", "normalization", "target_normalization"].contains($0) }
  }

  /// The files that the changed parts come from, or the configuration's folder.
  func place(in config: Config) -> String {
    var files: [String] = []
    for file in parts.flatMap({ Self.files(of: $0, in: config.data) }) {
      let path = config.file.locating(file)
      if !files.contains(path) { files.append(path) }
    }
    return files.isEmpty ? config.file.path : files.joined(separator: ", ")
  }

  private static func files(of part: String, in config: DataConfig) -> [String] {
    let name = part.prefix { $0 != "." }
    let axis = part.dropFirst(name.count + 1)
    switch (name, config.validation) {
    case ("validation", .source(let source)): return source.files(of: axis)
    case ("test", _): return config.test?.files(of: axis) ?? []
    default: return config.train.files(of: axis)
    }
  }
}

extension DataSource {
  /// The files, as written, that hold x, y or, for anything else, both.
  fileprivate func files(of axis: Substring) -> [String] {
    switch self {
    case .arrays(let arrays):
      var files: [String] = []
      if axis != "y", case .file(let path) = arrays.x { files.append(path) }
      if axis != "x", case .file(let path) = arrays.y { files.append(path) }
      if case .file(let path)? = arrays.lengths { files.append(path) }
      return files
    case .timeSeries(let series): return [series.path]
    case .csv(let csv): return [csv.path]
    case .text(let text): return [text.path]
    case .generator: return []
    }
  }
}

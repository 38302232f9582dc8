import LabStore

/// What a shell may put in the place of a run or a setting.
package enum RunCompletion {
  /// As many runs and names as are offered: the newest.
  private static let limit = 200

  /// Returns `@last`, `@best`, and the numbers and names of the database's runs, those that begin as
  /// given; nothing where there is no database.
  ///
  /// Shells take some characters of a completion apart, and bash runs what stands in `$(…)`: a name
  /// is offered only if it has none of those, its number always.
  package static func candidates(beginningWith start: String, at path: String) -> [String] {
    let runs = RunNames.newest(limit, beginningWith: start, at: path)
    let newest = start.hasPrefix("@") ? RunNames.newest(1, beginningWith: "", at: path) : runs
    let signs = newest.ids.isEmpty ? [] : ["@last", "@best"].filter { $0.hasPrefix(start) }
    return signs + runs.ids.map(String.init) + runs.names.filter(isHarmless)
  }

  /// Returns the names of the newest run's settings, as short as they are in `compare`; nothing where
  /// there is no database.
  package static func settings(at path: String) -> [String] {
    var settings = Settings()
    guard let config = RunNames.newestConfig(at: path),
      (try? settings.append(config: config, run: 0)) != nil
    else { return [] }
    return settings.paths.indices.map(settings.shortName).filter(isHarmless)
  }

  /// Letters, numbers, and signs that mean nothing to bash, zsh and fish.
  private static func isHarmless(_ name: String) -> Bool {
    name.unicodeScalars.allSatisfy { scalar in
      scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        || " ._+,-".unicodeScalars.contains(scalar)
    }
  }
}

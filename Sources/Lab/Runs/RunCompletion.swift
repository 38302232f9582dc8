import LabStore

/// What a shell may put in the place of a run.
package enum RunCompletion {
  /// As many runs and names as are offered: the newest.
  private static let limit = 200

  /// Returns `@last`, `@best`, and the numbers and names of the database's runs; nothing where there
  /// is no database.
  ///
  /// Shells take some characters of a completion apart, and bash runs what stands in `$(…)`: a name
  /// is offered only if it has none of those, its number always.
  package static func candidates(at path: String) -> [String] {
    let runs = RunNames.newest(limit, at: path)
    guard !runs.ids.isEmpty else { return [] }
    return ["@last", "@best"] + runs.ids.map(String.init) + runs.names.filter(isHarmless)
  }

  /// Letters, numbers, and signs that mean nothing to bash, zsh and fish.
  private static func isHarmless(_ name: String) -> Bool {
    name.unicodeScalars.allSatisfy { scalar in
      scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        || " ._+,-".unicodeScalars.contains(scalar)
    }
  }
}

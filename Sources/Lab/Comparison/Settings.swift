/// The settings of many runs: each configuration as paths and values, equal parts read once.
///
/// A layer's setting is `LAYER.KEY` (`lstm.units`), all others stand where the file has them
/// (`training.optimizer.learning_rate`). Names, tags and notes describe a run and set nothing.
struct Settings {
  /// A setting's place among ``paths``.
  typealias Path = Int

  /// A top-level member of configurations, decoded once for all runs that share its text.
  private struct Section {
    let entries: [(path: Path, value: Table.Cell)]
  }

  /// Every path that any run has, in the order of first sight.
  private(set) var paths: [String] = []
  private var places: [String: Path] = [:]
  private var sections: [Section] = []
  private var known: [ConfigSections.Section: Int] = [:]
  /// The sections of each run.
  private var runs: [[Int]] = []

  /// The number of runs.
  var count: Int { runs.count }

  /// Adds the settings of a run's stored configuration, which is normalised.
  mutating func append(config: String, run: Int64) throws(LabError) {
    var numbers: [Int] = []
    for section in ConfigSections.split(config) {
      if let number = known[section] {
        numbers.append(number)
        continue
      }
      let source = "configuration of run \(run)"
      let value = try JSONDocument(Array(section.text), source: source).root
      var entries: [(String, Table.Cell)] = []
      SettingsReader.read(value, at: section.key, into: &entries)
      sections.append(Section(entries: entries.map { (place(of: $0.0), $0.1) }))
      known[section] = sections.count - 1
      numbers.append(sections.count - 1)
    }
    runs.append(numbers)
  }

  private mutating func place(of path: String) -> Path {
    if let place = places[path] { return place }
    paths.append(path)
    places[path] = paths.count - 1
    return paths.count - 1
  }

  /// The value of a run's setting, the first of several paths; nil where the run has none of them.
  func value(_ candidates: [Path], of run: Int) -> Table.Cell? {
    for section in runs[run] {
      for entry in sections[section].entries where candidates.contains(entry.path) {
        return entry.value
      }
    }
    return nil
  }

  /// The paths that a name may mean: itself, or those that end in it after a point.
  ///
  /// `units` is the setting of each run's first layer that has one.
  func candidates(_ name: String) -> [Path] {
    if let place = places[name] { return [place] }
    return paths.indices.filter { paths[$0].hasSuffix("." + name) }
  }

  /// The paths whose value is not the same in all of these runs, in order.
  func differing(among chosen: [Int]) -> [Path] {
    guard let first = chosen.first else { return [] }
    var isDifferent = [Bool](repeating: false, count: paths.count)
    var compared: Set<[Int]> = []
    for run in chosen.dropFirst() {
      // Runs whose sections are those of a run that was looked at add nothing.
      let pair = runs[run]
      guard pair != runs[first], compared.insert(pair).inserted else { continue }
      let changed = zip(pair, runs[first]).filter { $0 != $1 }
      mark(changed.map(\.0), changed.map(\.1), in: &isDifferent)
      mark(changed.map(\.1), changed.map(\.0), in: &isDifferent)
    }
    return paths.indices.filter { isDifferent[$0] }
  }

  /// Marks what the first sections have and the second have not, or otherwise.
  private func mark(_ these: [Int], _ others: [Int], in marks: inout [Bool]) {
    for section in these {
      for entry in sections[section].entries where !marks[entry.path] {
        let isShared = others.contains { other in
          sections[other].entries.contains { $0.path == entry.path && $0.value == entry.value }
        }
        if !isShared { marks[entry.path] = true }
      }
    }
  }

  /// The paths that all of these runs have with one value, in order.
  func shared(among chosen: [Int]) -> [(path: Path, value: Table.Cell)] {
    guard let first = chosen.first else { return [] }
    let differing = Set(differing(among: chosen))
    return runs[first].flatMap { sections[$0].entries }.filter { !differing.contains($0.path) }
  }

  /// The end of a path that no other path shares: `learning_rate`, `lstm.units`.
  func shortName(_ path: Path) -> String {
    let parts = paths[path].split(separator: ".")
    for count in 1..<max(2, parts.count) {
      let name = parts.suffix(count).joined(separator: ".")
      let isUnique = paths.indices.allSatisfy {
        $0 == path || paths[$0] != name && !paths[$0].hasSuffix("." + name)
      }
      if isUnique { return name }
    }
    return paths[path]
  }
}

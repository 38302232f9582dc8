import LabFormats

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
  /// The place among ``sections`` of each text; nil of one that sets nothing.
  private var known: [ConfigSection: Int?] = [:]
  /// The texts of the run before: ten thousand runs of a sweep share most of theirs, and what is
  /// equal to the same member of the run before is not even looked up.
  private var latest: [(text: ConfigSection, section: Int?)] = []
  /// The sections of each run.
  private var runs: [[Int]] = []

  /// What configurations have where runs are compared by another value; only looked up.
  private var changed: [Place: Table.Cell] = [:]

  private struct Place: Hashable {
    let run: Int
    let path: Path
  }

  /// The number of runs.
  var count: Int { runs.count }

  /// What describes a run and sets nothing.
  private static let descriptions = ["name", "tags", "notes"]

  /// What repeats of one experiment may differ in, and their short names.
  static let repeats = ["seed": "seed", "data.validation.fold": "fold"]

  /// Adds the settings of a run's stored configuration, which is normalised.
  mutating func append(config bytes: Span<UInt8>, run: Int64) throws(LabError) {
    var start = 1
    var place = 0
    while start < bytes.count, bytes[start] == Byte.quote {
      if place == latest.count || !latest[place].text.stands(in: bytes, at: start) {
        let text = ConfigSection(bytes, at: start)
        let section = try section(text, source: Config.source(ofRun: run))
        if place == latest.count {
          latest.append((text, section))
        } else {
          latest[place] = (text, section)
        }
      }
      start += latest[place].text.count + 1
      place += 1
    }
    latest.removeSubrange(place...)
    runs.append(latest.compactMap(\.section))
  }

  /// Adds the settings of a stored configuration that is a text of its own.
  mutating func append(config: String, run: Int64) throws(LabError) {
    let bytes = Array(config.utf8)
    try append(config: bytes.span, run: run)
  }

  /// The place among ``sections`` of a text, which is read unless it is known.
  private mutating func section(
    _ text: ConfigSection, source: @autoclosure () -> String
  ) throws(LabError) -> Int? {
    // A seed is seldom the same twice.
    if let number = text.wholeNumber, !Self.descriptions.contains(text.key) {
      sections.append(Section(entries: [(place(of: text.key), .integer(number))]))
      return sections.count - 1
    }
    if let known = known[text] { return known }
    var section: Int?
    if !Self.descriptions.contains(text.key) {
      var entries: [(String, Table.Cell)] = []
      SettingsReader.read(
        try JSONDocument(text.value, source: source()).root, at: text.key, into: &entries)
      sections.append(Section(entries: entries.map { (place(of: $0.0), $0.1) }))
      section = sections.count - 1
    }
    known[text] = .some(section)
    return section
  }

  /// Adds a setting that stands in no configuration, with a value for each of these runs.
  mutating func add(_ path: String, _ values: [(run: Int, value: Table.Cell)]) {
    let path = place(of: path)
    for (run, value) in values {
      sections.append(Section(entries: [(path, value)]))
      runs[run].append(sections.count - 1)
    }
  }

  /// Gives a run's setting the value that it was created with, by which runs are compared; what is shown is
  /// what its configuration has.
  mutating func replace(_ path: Path, with value: Table.Cell, of run: Int) {
    for place in runs[run].indices {
      var entries = sections[runs[run][place]].entries
      guard let entry = entries.firstIndex(where: { $0.path == path }) else { continue }
      if entries[entry].value == value { return }
      changed[Place(run: run, path: path)] = entries[entry].value
      entries[entry].value = value
      sections.append(Section(entries: entries))
      runs[run][place] = sections.count - 1
    }
  }

  private mutating func place(of path: String) -> Path {
    if let place = places[path] { return place }
    paths.append(path)
    places[path] = paths.count - 1
    return paths.count - 1
  }

  /// The value of a run's setting, the first of several paths, as the run was created; nil where it has
  /// none of them.
  func value(_ candidates: [Path], of run: Int) -> Table.Cell? {
    entry(candidates, of: run)?.value
  }

  /// The value that a run's configuration has now.
  func shown(_ candidates: [Path], of run: Int) -> Table.Cell? {
    entry(candidates, of: run).map { changed[Place(run: run, path: $0.path)] ?? $0.value }
  }

  private func entry(_ candidates: [Path], of run: Int) -> (path: Path, value: Table.Cell)? {
    for section in runs[run] {
      for entry in sections[section].entries where candidates.contains(entry.path) { return entry }
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
    guard let first = chosen.first.map({ runs[$0] }) else { return [] }
    var isDifferent = [Bool](repeating: false, count: paths.count)
    // The place at which each section was compared: another run that has it there adds nothing.
    var places = [Int](repeating: -1, count: sections.count)
    for run in chosen.dropFirst() {
      let here = runs[run]
      guard here.count == first.count else {
        markDifferences(here[...], first[...], in: &isDifferent)
        continue
      }
      for place in here.indices where here[place] != first[place] {
        guard places[here[place]] != place else { continue }
        places[here[place]] = place
        markDifferences(here[place...place], first[place...place], in: &isDifferent)
      }
    }
    return paths.indices.filter { isDifferent[$0] }
  }

  /// Marks what some sections have and others do not, or otherwise, or with another value.
  private func markDifferences(
    _ these: ArraySlice<Int>, _ others: ArraySlice<Int>, in marks: inout [Bool]
  ) {
    for (some, rest) in [(these, others), (others, these)] {
      for entry in some.lazy.flatMap({ sections[$0].entries }) where !marks[entry.path] {
        let isShared = rest.contains { section in
          sections[section].entries.contains { $0.path == entry.path && $0.value == entry.value }
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

  /// Returns a column for each setting in which runs differ, as far as most of them have it; data
  /// that stand in a configuration itself, the number of epochs and what is recorded are left out.
  ///
  /// - Parameter titles: Titles that others have already: the path is then shown whole.
  func table(of chosen: [Int], beside titles: [String]) -> Table {
    var table = Table(columns: [], rows: chosen.map { _ in [] })
    for path in differing(among: chosen) {
      let cells = chosen.map { value([path], of: $0) ?? .null }
      guard cells.count(where: { $0 == .null }) * 2 < cells.count,
        paths[path] != "training.epochs", !paths[path].hasPrefix("record."),
        !cells.contains(where: Self.isInline)
      else { continue }
      let name = shortName(path)
      let title = titles.contains(name) ? paths[path] : name
      table.columns.append(Table.Column(title, Table.Kind(cells)))
      for row in cells.indices { table.rows[row].append(cells[row]) }
    }
    return table
  }

  /// Whether a setting is an array that a configuration holds itself.
  private static func isInline(_ cell: Table.Cell) -> Bool {
    if case .text(let text) = cell {
      text.hasPrefix("inline ") || text.hasPrefix("[")
    } else {
      false
    }
  }

  /// The end of a path that no other path shares: `learning_rate`, `lstm.units`.
  func shortName(_ path: Path) -> String {
    // A key may be empty, or end in a point, where somebody else wrote the configuration.
    let parts = paths[path].split(separator: ".", omittingEmptySubsequences: false)
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

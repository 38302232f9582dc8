package import LabFormats

/// Runs folded into groups of equal settings: mean, spread and the difference to one of the groups.
package struct GroupComparison: Answer {
  /// Runs that are alike.
  struct Group {
    /// Rows of the compared runs.
    var members: [Int]
    /// The value of each differing setting; nil where the members do not agree.
    var settings: [Table.Cell?] = []
  }

  let runs: ComparedRuns
  let groups: [Group]
  /// The settings that tell the groups apart.
  let paths: [Settings.Path]
  /// The group that the others are measured against.
  let baseline: Int
  /// The metrics' columns.
  let metrics: [Int]

  /// What two runs of one group may differ in.
  private static let seed = "seed"

  /// Folds runs.
  ///
  /// - Parameters:
  ///   - setting: The field that a group has in common, or `config`: every setting but the seed.
  ///   - baseline: A row of the run whose group is the baseline; nil: the first group.
  init(_ runs: ComparedRuns, by setting: String, baseline: Int?) throws(LabError) {
    let differing = runs.settings.differing(among: runs.chosen).filter {
      runs.settings.paths[$0] != Self.seed
    }
    var keys: [Int: [Table.Cell]] = [:]
    var paths = differing
    if setting == "config" {
      for run in runs.chosen {
        let origin = runs.origin(run)
        keys[run] = [origin.settings, origin.data, origin.firstWeights].map(Table.Cell.text)
      }
    } else {
      let field = try RunField(setting, of: runs, where: "--group-by")
      for run in runs.chosen { keys[run] = [field.value(of: run, in: runs)] }
      if case .setting(let candidates) = field {
        paths = differing.filter { !candidates.contains($0) }
      }
    }
    var groups: [Group] = []
    var places: [[String]: Int] = [:]
    for run in runs.chosen {
      let key = (keys[run] ?? []).map { "\($0)" }
      if let place = places[key] {
        groups[place].members.append(run)
      } else {
        places[key] = groups.count
        groups.append(Group(members: [run]))
      }
    }
    // What is no setting, such as what is recorded, need not tell any groups apart.
    if setting == "config" {
      paths = paths.filter { path in
        groups.contains { group in
          let values = group.members.map { runs.settings.value([path], of: $0) ?? .null }
          return values.allSatisfy { $0 == values[0] }
        }
      }
    }
    self.runs = runs
    key = setting == "config" ? nil : setting
    keyCells = groups.map { keys[$0.members[0]]?.first ?? .null }
    self.paths = paths
    for index in groups.indices {
      groups[index].settings = paths.map { path in
        let values = groups[index].members.map { runs.settings.value([path], of: $0) ?? .null }
        return values.allSatisfy { $0 == values[0] } ? values[0] : nil
      }
    }
    self.groups = groups
    self.baseline =
      baseline.flatMap { row in groups.firstIndex { $0.members.contains(row) } } ?? 0
    metrics = Comparison.metrics(of: runs)
  }

  /// The field that groups have in common, with its value in each; nil for `config`.
  private let key: String?
  private let keyCells: [Table.Cell]

  /// The measurements of a metric in a group; nil where it has none.
  private func sample(_ group: Int, _ column: Int) -> Sample? {
    let values = groups[group].members.compactMap { runs.number(column, $0) }
    return values.isEmpty ? nil : Sample(values)
  }

  /// One row a group: its settings and runs; for each metric mean, standard deviation, number,
  /// difference to the baseline with its interval, and the word.
  package var table: Table {
    var table = headTable
    for column in metrics {
      let title = runs.table.columns[column].title
      table.columns += [
        .init("\(title)_mean", .metric), .init("\(title)_sd", .metric),
        .init("\(title)_n", .integer), .init("\(title)_diff", .metric),
        .init("\(title)_low", .metric), .init("\(title)_high", .metric),
        .init("\(title)_verdict", .text),
      ]
      for group in groups.indices { table.rows[group] += cells(group, column) }
    }
    return table
  }

  private var headTable: Table {
    var table = Table(
      columns: [.init("group", .integer)], rows: groups.indices.map { [.integer($0 + 1)] })
    let measured = metrics.map { runs.table.columns[$0].title }
    func add(_ title: String, _ cells: [Table.Cell]) {
      let isNew = !measured.contains(title) && !table.columns.contains { $0.title == title }
      table.columns.append(.init(isNew ? title : "setting:\(title)", Table.Kind(cells)))
      for row in cells.indices { table.rows[row].append(cells[row]) }
    }
    if let key { add(key, keyCells) }
    for (index, path) in paths.enumerated() {
      let cells = groups.map { $0.settings[index] ?? .text("several") }
      add(runs.title(ofSetting: path), cells)
    }
    add("runs", groups.map { .integer($0.members.count) })
    return table
  }

  private func cells(_ group: Int, _ column: Int) -> [Table.Cell] {
    guard let sample = sample(group, column) else {
      return [.null, .null, .integer(0), .null, .null, .null, .null]
    }
    let base = self.sample(baseline, column)
    let interval = group == baseline ? nil : base.flatMap { sample.difference(to: $0) }
    let difference = group == baseline ? nil : base.map { sample.mean - $0.mean }
    return [
      .real(sample.mean), sample.deviation.map(Table.Cell.real) ?? .null,
      .integer(sample.count), difference.map(Table.Cell.real) ?? .null,
      (interval?.lowerBound).map(Table.Cell.real) ?? .null,
      (interval?.upperBound).map(Table.Cell.real) ?? .null,
      .text(verdict(group, column, difference, interval)),
    ]
  }

  /// The plain word on the difference: whether the interval leaves room for none.
  private func verdict(
    _ group: Int, _ column: Int, _ difference: Double?, _ interval: ClosedRange<Double>?
  ) -> String {
    if group == baseline { return "baseline" }
    guard let difference else { return "not measured" }
    guard let interval else { return "too few runs" }
    if interval.lowerBound == 0, interval.upperBound == 0 { return "equal" }
    if interval.contains(0) { return "within noise" }
    let isHigherBetter = runs.table.columns[column].title.hasSuffix("accuracy")
    return (difference > 0) == isHigherBetter ? "better" : "worse"
  }
}

extension GroupComparison {
  /// Returns what a terminal shows: the groups, then each metric's difference to the baseline.
  package func text(on screen: Screen) -> String {
    var spread = headTable
    for column in metrics {
      spread.columns.append(.init(runs.table.columns[column].title, .text))
      for group in groups.indices {
        spread.rows[group].append(sample(group, column).map { .text(Self.text($0)) } ?? .null)
      }
    }
    let text =
      spread.droppingEmptyColumns().fittingText(width: screen.columns) + runs.note(on: paths)
    guard groups.count > 1 else { return text }
    return text + "\nDifferences to group \(baseline + 1), with 95 % intervals (Welch):\n\n"
      + differences.plainText(width: screen.columns)
  }

  private static func text(_ sample: Sample) -> String {
    let mean = NumberText.metric(sample.mean)
    return sample.deviation.map { "\(mean) ± \(NumberText.metric($0))" } ?? mean
  }

  /// One row a metric and group.
  private var differences: Table {
    var table = Table(columns: [
      .init("metric", .text), .init("group", .integer), .init("n", .integer),
      .init("difference", .metric), .init("from", .metric), .init("to", .metric),
      .init("verdict", .text),
    ])
    for column in metrics {
      for group in groups.indices where group != baseline {
        let cells = cells(group, column)
        let title = Table.Cell.text(runs.table.columns[column].title)
        table.rows.append([title, .integer(group + 1)] + cells[2...])
      }
    }
    return table
  }
}

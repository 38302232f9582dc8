package import LabFormats
import LabStore

/// Runs joined in groups of equal settings: mean, spread and the difference to one of the groups.
package struct GroupComparison: Answer {
  let runs: ComparedRuns
  let groups: [RunGroup]
  /// The settings that tell the groups apart.
  let paths: [Settings.Path]
  /// The group that the others are measured against.
  let baseline: Int
  /// The metrics' columns.
  let metrics: [Int]
  /// The number of groups that the limit cut off.
  private let cut: Int

  /// Joins runs.
  ///
  /// - Parameters:
  ///   - request: The field that a group has in common, or `config`: every setting but seed and fold. By
  ///     which of the groups' means they are sorted, and how many are kept.
  ///   - baseline: A row of the run whose group is the baseline; nil: the first group.
  ///   - hashes: The hash of each run's last epoch, by which repeats are known.
  init(
    _ runs: ComparedRuns, _ request: ComparisonRequest, by setting: String, baseline: Int?,
    hashes: [Int: [UInt8]]
  ) throws(LabError) {
    let isConfig = setting == "config"
    let field = isConfig ? nil : try RunField(setting, of: runs, where: "--group-by")
    var groups = Self.groups(runs, by: field)
    for index in groups.indices { groups[index].count(in: runs, hashes: hashes) }
    var order = try Self.order(groups, runs, request)
    let base = baseline.flatMap { row in order.first { groups[$0].members.contains(row) } }
    if let limit = request.limit { order = Array(order.prefix(limit)) }
    if let base, !order.contains(base) { order.insert(base, at: 0) }
    cut = groups.count - order.count
    self.runs = runs
    self.groups = order.map { groups[$0] }
    self.baseline =
      base.flatMap { order.firstIndex(of: $0) }
      ?? self.groups.firstIndex { !$0.counted.isEmpty } ?? 0
    key = isConfig ? nil : setting
    paths = Self.paths(of: groups, runs, field)
    metrics = Comparison.metrics(of: runs)
    guard !order.isEmpty else {
      throw LabError(
        .notFound, "no group is left to compare", where: "--limit", next: "allowed: 1 or more")
    }
  }

  /// The runs that have a field in common, or all settings, data and first weights where there is none.
  private static func groups(_ runs: ComparedRuns, by field: RunField?) -> [RunGroup] {
    var groups: [RunGroup] = []
    var places: [[Table.Cell]: Int] = [:]
    for run in runs.chosen {
      let origin = runs.origin(run)
      let key =
        field.map { [$0.value(of: run, in: runs)] }
        ?? [origin.settings, origin.data, origin.firstWeights].map(Table.Cell.text)
      if places[key] == nil {
        places[key] = groups.count
        groups.append(RunGroup(key: key))
      }
      if let place = places[key] { groups[place].members.append(run) }
    }
    return groups
  }

  /// The groups' places in the order that is asked for.
  private static func order(
    _ groups: [RunGroup], _ runs: ComparedRuns, _ request: ComparisonRequest
  ) throws(LabError) -> [Int] {
    let places = Array(groups.indices)
    guard let sort = request.sort else { return request.isDescending ? places.reversed() : places }
    let field = try RunField(sort, of: runs, where: "--sort")
    let keys = groups.map { $0.value(of: field, in: runs) }
    return ComparedRuns.sorted(places, by: keys, descending: request.isDescending)
  }

  /// The settings that some runs differ in, besides seed and fold and what the groups are made by. Of
  /// groups of equal settings none is told that is the same in no group: it sets nothing.
  private static func paths(
    of groups: [RunGroup], _ runs: ComparedRuns, _ field: RunField?
  ) -> [Settings.Path] {
    let differing = runs.settings.differing(among: groups.flatMap(\.members)).filter {
      Settings.repeats[runs.settings.paths[$0]] == nil
    }
    switch field {
    case .setting(let candidates): return differing.filter { !candidates.contains($0) }
    case .column, .tag: return differing
    case nil:
      return differing.filter { path in groups.contains { $0.setting(path, in: runs) != nil } }
    }
  }

  /// The field that groups have in common; nil for `config`.
  private let key: String?

  /// The measurements of a metric in a group; nil where it has none.
  private func sample(_ group: Int, _ column: Int) -> Sample? {
    let values = groups[group].counted.compactMap { runs.number(column, $0) }
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
    table.columns = Table.unique(table.columns)
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
    if let key { add(key, groups.map { $0.key[0] }) }
    for path in paths {
      add(
        runs.title(ofSetting: path),
        groups.map { $0.setting(path, in: runs) ?? .text("several") })
    }
    add("runs", groups.map { .integer($0.counted.count) })
    let repeats = groups.map { $0.repeatsText(in: runs) }
    if repeats.contains(where: { $0 != nil }) {
      add("over", repeats.map { $0.map(Table.Cell.text) ?? .null })
    }
    add("left_out", groups.map { $0.leftOut.isEmpty ? .null : .text($0.leftOutText) })
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
    let isHigherBetter = MetricValue.isHigherBetter(runs.table.columns[column].title)
    return (difference > 0) == isHigherBetter ? "better" : "worse"
  }
}

extension GroupComparison {
  /// Returns what a terminal shows: the groups, then each metric's difference to the baseline.
  package func text(on screen: Screen) -> String {
    let text = summary(width: screen.columns) + note(screen.columns)
    guard groups.count > 1 else { return text }
    return text + "\nDifferences to group \(baseline + 1), with 95 % intervals (Welch):\n\n"
      + differences(screen)
  }

  /// Returns the groups with mean and spread of each metric.
  ///
  /// - Parameter width: The columns that there are; nil for all.
  package func summary(width: Int?) -> String {
    var spread = headTable
    for column in metrics {
      spread.columns.append(.init(runs.table.columns[column].title, .formed))
      let samples = groups.indices.map { sample($0, column) }
      let form = NumberForm(
        metrics: samples.compactMap(\.self).flatMap { [$0.mean, $0.deviation ?? 0] })
      for group in groups.indices {
        spread.rows[group].append(samples[group].map { .text($0.text(form)) } ?? .null)
      }
    }
    spread.columns = Table.unique(spread.columns)
    return spread.droppingEmptyColumns().text(fitting: width, fit)
  }

  /// What of a difference is left out last where not all columns fit.
  private static let differenceFit = TableFit(
    important: ["group", "verdict", "difference", "from", "to"], uncut: ["metric"], mostTurned: 0)

  /// The most differences that a terminal shows.
  private static let mostDifferences = 40

  /// Returns the differences of as many metrics as a terminal shows, the most important first.
  private func differences(_ screen: Screen) -> String {
    let first = ["val_loss", "loss", "val_accuracy", "accuracy"].compactMap { title in
      metrics.first { runs.table.columns[$0].title == title }
    }
    let most = screen.columns.map { _ in Self.mostDifferences / max(1, groups.count - 1) }
    let shown = (first + metrics.filter { !first.contains($0) }).prefix(max(1, most ?? .max))
    let left = metrics.filter { !shown.contains($0) }.map { runs.table.columns[$0].title }
    let table = differences(of: metrics.filter(shown.contains))
    return table.text(fitting: screen.columns, Self.differenceFit)
      + (left.isEmpty
        ? ""
        : "\n"
          + WrappedText.lines(
            "Not shown: \(left.joined(separator: ", ")) (--csv shows every metric).",
            width: screen.columns))
  }

  /// What is left out last where not all columns fit: what the groups came to, and what tells them
  /// apart.
  private var fit: TableFit {
    let titles = metrics.map { runs.table.columns[$0].title }
    let first = titles.contains("val_loss") ? "val_loss" : "loss"
    let telling = paths.filter { path in groups.contains { $0.setting(path, in: runs) != nil } }
    return TableFit(
      important: [first] + (key.map { [$0] } ?? []) + telling.map(runs.title(ofSetting:))
        + ["runs", "over", "left_out", "loss", "val_accuracy", "accuracy"])
  }

  /// Returns the groups with every column, and what they leave out.
  package func markdown() -> String { table.markdown() + note(nil) }

  /// What the data and the first weights differ in, and what is not counted.
  private func note(_ width: Int?) -> String {
    var left = groups.flatMap { group in group.leftOut.map { ($0.run, $0.text(in: runs)) } }
      .sorted { $0.0 < $1.0 }.map(\.1)
    if left.count > 12 { left = left.prefix(12) + ["and \(left.count - 12) more runs"] }
    if cut > 0 { left.append("\(cut) more group\(cut == 1 ? "" : "s")") }
    let text =
      left.isEmpty
      ? "" : "\n" + WrappedText.lines("Left out: \(left.joined(separator: ", ")).", width: width)
    return runs.note(on: paths, width: width) + text
  }

  /// One row a metric and group, all numbers in one form.
  private func differences(of metrics: [Int]) -> Table {
    var table = Table(columns: [
      .init("metric", .text), .init("group", .integer), .init("n", .integer),
      .init("difference", .formed), .init("from", .formed), .init("to", .formed),
      .init("verdict", .text),
    ])
    for column in metrics {
      for group in groups.indices where group != baseline {
        let cells = cells(group, column)
        let title = Table.Cell.text(runs.table.columns[column].title)
        table.rows.append([title, .integer(group + 1)] + cells[2...])
      }
    }
    let numbers = table.rows.flatMap { $0[3...5] }.compactMap(\.double)
    let form = NumberForm(metrics: numbers)
    for row in table.rows.indices {
      for column in 3...5 {
        guard let number = table.rows[row][column].double else { continue }
        table.rows[row][column] = .text(form.text(number))
      }
    }
    return table
  }
}

import LabFormats
import LabStore

/// Runs with everything that they are compared, filtered, sorted and grouped by.
package struct ComparedRuns: Sendable {
  /// The report `compare.sql` without the configuration, then other metrics of the last epoch.
  private(set) var table: Table
  private(set) var settings: Settings
  /// The parts of the data that are not the same in all of the chosen runs.
  private(set) var differingData: [String] = []
  /// The runs that are left, in order: rows of ``table``.
  private(set) var chosen: [Int]

  /// Joins what the store tells of runs.
  ///
  /// - Parameters:
  ///   - report: The answer of `comparedRuns(_:tag:last:config:)`.
  ///   - settings: The settings of the same runs in the same order.
  ///   - metrics: The answer of `lastMetrics()`; rows of other runs are passed over.
  init(_ report: ReportTable, _ settings: Settings, metrics: [(run: Int64, metric: MetricValue)]) {
    precondition(
      settings.count == report.rows.count, "\(settings.count) settings, \(report.rows.count) runs")
    self.settings = settings
    table = Table(report).holdingJSON("tags")
    for column in table.columns.indices {
      table.columns[column].kind = Self.kind(table.columns[column])
    }
    chosen = Array(table.rows.indices)
    addMetrics(metrics)
  }

  private static func kind(_ column: Table.Column) -> Table.Kind {
    if column.title.hasPrefix("seconds") { return .seconds }
    let isMetric = column.title.hasSuffix("loss") || column.title.hasSuffix("accuracy")
    return isMetric ? .metric : column.kind
  }

  private mutating func addMetrics(_ metrics: [(run: Int64, metric: MetricValue)]) {
    guard !metrics.isEmpty else { return }
    var rows: [Int: Int] = [:]
    for row in table.rows.indices { rows[id(row)] = row }
    var columns: [String: Int] = [:]
    for (run, metric) in metrics {
      guard let row = rows[Int(run)] else { continue }
      let name = metric.kerasName
      let column = columns[name] ?? addColumn(name)
      columns[name] = column
      table.rows[row][column] = .real(metric.value)
    }
  }

  private mutating func addColumn(_ title: String) -> Int {
    var title = title
    while table.columns.contains(where: { $0.title == title }) { title = "metric:\(title)" }
    table.columns.append(Table.Column(title, .metric))
    for row in table.rows.indices { table.rows[row].append(.null) }
    return table.columns.count - 1
  }

  /// Takes the epochs that runs were created with for those they were lengthened to.
  mutating func putBackEpochs(_ created: [(run: Int64, epochs: Int)]) {
    guard let path = settings.paths.firstIndex(of: "training.epochs") else { return }
    var rows: [Int: Int] = [:]
    for row in table.rows.indices { rows[id(row)] = row }
    for (run, epochs) in created {
      if let row = rows[Int(run)] { settings.replace(path, with: .integer(epochs), of: row) }
    }
  }

  /// Adds, as settings, what the chosen runs were created with and no configuration tells: the data and
  /// the first weights, as the beginnings of their hashes, where they differ.
  ///
  /// - Parameter parts: Finds the parts of the data in which runs of different data differ.
  mutating func addOrigins(parts: ([Int64]) throws -> [String]) throws {
    let origins = chosen.map(origin)
    let described = settings.differing(among: chosen).filter {
      Settings.repeats[settings.paths[$0]] == nil
    }
    var added: [(String, KeyPath<RunOrigin, String>)] = [
      (Self.data, \.data), (Self.firstWeights, \.firstWeights),
    ]
    if described.isEmpty { added.append((Self.allSettings, \.settings)) }
    for (path, part) in added where Set(origins.map { $0[keyPath: part] }).count > 1 {
      let shown = origins.map { origin in
        let text = origin[keyPath: part]
        return Table.Cell.text(text.count == 64 ? String(text.prefix(12)) : text)
      }
      settings.add(path, Array(zip(chosen, shown)).map { (run: $0, value: $1) })
    }
    guard let first = origins.first, origins.contains(where: { $0.data != first.data }) else {
      return
    }
    var seen: Set<String> = []
    differingData = try parts(
      zip(chosen, origins).filter { seen.insert($1.data).inserted }.map { Int64(id($0.0)) })
  }

  /// The title of a setting: as short as it can be without being a column's.
  func title(ofSetting path: Settings.Path) -> String {
    let title = settings.shortName(path)
    let isOwn = Settings.repeats[settings.paths[path]] == title
    return column(title) != nil && !isOwn ? settings.paths[path] : title
  }

  /// The place of a column of ``table``.
  func column(_ title: String) -> Int? { table.columns.firstIndex { $0.title == title } }

  /// The id of the run in a row.
  func id(_ row: Int) -> Int {
    guard case .integer(let run) = table.rows[row][0] else { return 0 }
    return run
  }

  /// A number of a run; nil where it has none.
  func number(_ column: Int, _ row: Int) -> Double? {
    switch table.rows[row][column] {
    case .real(let value): value
    case .integer(let value): Double(value)
    default: nil
    }
  }

  /// Whether one of the runs is in training.
  var isAnyRunning: Bool {
    guard let status = column("status") else { return false }
    return chosen.contains { table.rows[$0][status] == .text("running") }
  }

  /// The name of the run in a row.
  func name(_ row: Int) -> String {
    guard let column = column("name"), case .text(let name) = table.rows[row][column] else {
      return ""
    }
    return name
  }

  /// Keeps the runs that a test holds for.
  mutating func keep(_ isKept: (Int) -> Bool) { chosen = chosen.filter(isKept) }

  /// Puts a run before all others.
  mutating func insertFirst(_ row: Int) { chosen.insert(row, at: 0) }

  /// Puts the newest run first.
  mutating func reverse() { chosen.reverse() }

  /// Puts the runs into the order of these ids; others come after them.
  mutating func order(by ids: [Int]) {
    let places = chosen.map { row in ids.firstIndex(of: id(row)) ?? ids.count }
    chosen = chosen.indices.sorted { (places[$0], $0) < (places[$1], $1) }.map { chosen[$0] }
  }

  /// The numbers of those that meet a condition, if any does.
  func numbers(meeting condition: String) throws(LabError) -> [Int64] {
    if chosen.isEmpty { return [] }
    var runs = self
    runs.filter(try RunConditionParser.parse(condition, of: runs))
    return runs.chosen.map { Int64(runs.id($0)) }
  }

  /// Keeps the runs that fulfil a condition.
  mutating func filter(_ condition: RunCondition) {
    chosen = chosen.filter { condition.holds(for: $0, of: self) == true }
  }

  /// Sorts by a field, runs without it last; of equals the older run comes first.
  mutating func sort(by field: RunField, descending: Bool) {
    let keys = table.rows.indices.map { field.value(of: $0, in: self) }
    chosen = Self.sorted(chosen, by: keys, descending: descending)
  }

  /// Sorts places by their keys, those without one last; of equals the lower place comes first.
  static func sorted(_ places: [Int], by keys: [Table.Cell], descending: Bool) -> [Int] {
    places.sorted { a, b in
      switch (keys[a] == .null, keys[b] == .null) {
      case (true, true): return a < b
      case (true, false): return false
      case (false, true): return true
      case (false, false): break
      }
      let order = keys[a].order(before: keys[b])
      return order == 0 ? a < b : descending ? order > 0 : order < 0
    }
  }

  /// The rows of the runs that are left.
  var chosenTable: Table { Table(columns: table.columns, rows: chosen.map { table.rows[$0] }) }

  /// Keeps the first runs.
  mutating func limit(to count: Int) { chosen = Array(chosen.prefix(count)) }
}

extension Table.Cell {
  /// −1, 0 or 1 as the cell comes before another, with it or after it: numbers by size before texts.
  func order(before other: Table.Cell) -> Int {
    switch (self, other) {
    case (.integer(let a), .integer(let b)): return a < b ? -1 : a > b ? 1 : 0
    case (.text(let a), .text(let b)): return a < b ? -1 : a > b ? 1 : 0
    default: break
    }
    switch (double, other.double) {
    case (let a?, let b?): return a < b ? -1 : a > b ? 1 : 0
    case (_?, nil): return -1
    case (nil, _?): return 1
    case (nil, nil): return 0
    }
  }

  /// The number, if it is one.
  var double: Double? {
    switch self {
    case .real(let value): value
    case .integer(let value): Double(value)
    default: nil
    }
  }
}

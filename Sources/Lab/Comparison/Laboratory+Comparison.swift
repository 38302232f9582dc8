package import LabFormats
import LabStore

extension Laboratory {
  /// Compares runs as asked, one by one or in groups.
  package func compare(_ request: ComparisonRequest) throws -> any Answer {
    if let groupBy = request.groupBy { return try compareGroups(request, by: groupBy) }
    let database = try reading()
    let (runs, baseline) = try select(request, in: database)
    let (curves, note) = try curves(of: runs, request.metric, in: database)
    return Comparison(
      runs, baseline: baseline, curves: curves, curveNote: note, showsShared: request.showsShared)
  }

  /// Sets groups of the runs that are asked for side by side.
  ///
  /// - Parameter groupBy: What the runs of a group have in common: a column, a setting or `config`.
  package func compareGroups(
    _ request: ComparisonRequest, by groupBy: String
  ) throws -> GroupComparison {
    let database = try reading()
    var request = request
    request.groupBy = groupBy
    let (runs, baseline) = try select(request, in: database)
    let hashes = try database.lastHashes(of: runs.chosen.map { Int64(runs.id($0)) })
    return try GroupComparison(
      runs, request, by: groupBy, baseline: baseline,
      hashes: Dictionary(hashes.map { (Int($0.run), $0.hash) }) { first, _ in first })
  }

  /// Reads the runs that are asked for, at least one, and the row of the baseline.
  func select(
    _ request: ComparisonRequest, in database: LabDatabase
  ) throws -> (runs: ComparedRuns, baseline: Int?) {
    var named: [Int64] = []
    for text in request.runs {
      let run = try open(whole: text, in: database).id
      if !named.contains(run) { named.append(run) }
    }
    let baseline = try request.baseline.map { try open(whole: $0, in: database).id }
    try check(request)
    var (runs, isThere) = try read(named, request, baseline, in: database)
    let row = baseline.flatMap { id in runs.chosen.first { runs.id($0) == Int(id) } }
    // The baseline is compared even where it was not asked for.
    if !isThere, let row { runs.keep { $0 != row } }
    try narrow(&runs, request, named: named)
    if let row, !runs.chosen.contains(row) { runs.insertFirst(row) }
    guard !runs.chosen.isEmpty else {
      throw LabError(
        .notFound, "there are no such runs", where: path,
        next: "list the runs with: lstm-lab runs\(option)")
    }
    try runs.addOrigins { try database.differingDataParts(among: $0) }
    return (runs, row)
  }

  /// All runs, with everything that a condition may ask of them.
  func everyRun(in database: LabDatabase) throws -> ComparedRuns {
    try read([], ComparisonRequest(), nil, in: database).0
  }

  /// The numbers of all runs that meet a condition, if any does.
  func numbers(meeting condition: String, in database: LabDatabase) throws -> [Int64] {
    try everyRun(in: database).numbers(meeting: condition)
  }

  /// Reads the runs that are asked for and the baseline, and whether it is among them.
  private func read(
    _ named: [Int64], _ request: ComparisonRequest, _ baseline: Int64?, in database: LabDatabase
  ) throws -> (ComparedRuns, isThere: Bool) {
    var settings = Settings()
    var isThere = false
    var report = try database.comparedRuns(
      named.isEmpty ? nil : named, tag: request.tag, sweep: request.sweep, last: request.last
    ) { run, config in
      isThere = isThere || run == baseline
      try settings.append(config: config, run: run)
    }
    if !isThere, let baseline {
      report.rows += try database.comparedRuns([baseline]) {
        try settings.append(config: $1, run: $0)
      }.rows
    }
    let asked = named.isEmpty ? nil : named + (baseline.map { [$0] } ?? [])
    var runs = ComparedRuns(report, settings, metrics: try database.lastMetrics(of: asked))
    runs.putBackEpochs(try database.epochsWhenCreated(of: runs.chosen.map { Int64(runs.id($0)) }))
    return (runs, isThere)
  }

  private func check(_ request: ComparisonRequest) throws(LabError) {
    for (option, number) in [("--last", request.last), ("--limit", request.limit)] {
      guard let number, number < 0 else { continue }
      throw LabError(
        .usage, "\(number) runs cannot be compared", where: option, next: "allowed: 0 or more")
    }
  }

  private func narrow(
    _ runs: inout ComparedRuns, _ request: ComparisonRequest, named: [Int64]
  ) throws(LabError) {
    if let condition = request.condition {
      runs.filter(try RunConditionParser.parse(condition, of: runs))
    }
    // Groups are sorted and cut as wholes, once they are there.
    if request.groupBy != nil {
      if !named.isEmpty { runs.order(by: named.map { Int($0) }) }
      return
    }
    if let sort = request.sort {
      runs.sort(
        by: try RunField(sort, of: runs, where: "--sort"), descending: request.isDescending)
    } else if request.isDescending {
      runs.reverse()
    } else if !named.isEmpty {
      runs.order(by: named.map { Int($0) })
    }
    if let limit = request.limit { runs.limit(to: limit) }
  }

  /// The curves of the runs, of many those of the best; and what is said of the others.
  private func curves(
    of runs: ComparedRuns, _ metric: String?, in database: LabDatabase
  ) throws -> (curves: [LearningCurve], note: String) {
    let name = try metric.map { try checkedMetric($0, of: runs) } ?? defaultMetric(of: runs)
    let (split, plain) = DataSplit.parts(ofMetric: name)
    let (rows, note) = drawn(runs, by: name)
    let curves = try rows.map { row in
      LearningCurve(
        run: runs.id(row), name: runs.name(row), metric: name,
        points: try database.curve(of: Int64(runs.id(row)), plain, in: split))
    }
    return (curves, note)
  }

  /// The runs whose curves are drawn: all of a few, else the best, in the order of the table.
  private func drawn(_ runs: ComparedRuns, by metric: String) -> (rows: [Int], note: String) {
    let most = Comparison.mostCurves
    guard runs.chosen.count > most else { return (runs.chosen, "") }
    let column = runs.column("best_" + metric) ?? runs.column(metric)
    let keys = runs.table.rows.indices.map { row in
      column.flatMap { runs.number($0, row) }.map { $0.isNaN ? .null : Table.Cell.real($0) }
        ?? .null
    }
    let isHigherBetter = MetricValue.isHigherBetter(metric)
    let best = ComparedRuns.sorted(runs.chosen, by: keys, descending: isHigherBetter).prefix(most)
    return (
      runs.chosen.filter(best.contains),
      "The best \(most) of \(runs.chosen.count) runs by \(metric) are drawn; "
        + "to draw others, name them."
    )
  }

  private func defaultMetric(of runs: ComparedRuns) -> String {
    let column = runs.column("val_loss")
    let isValidated = runs.chosen.contains { row in
      column.map { runs.table.rows[row][$0] != .null } ?? false
    }
    return isValidated ? "val_loss" : "loss"
  }

  private func checkedMetric(_ name: String, of runs: ComparedRuns) throws(LabError) -> String {
    let known = Comparison.metrics(of: runs).map { runs.table.columns[$0].title }.filter {
      !$0.hasPrefix("best_")
    }
    return try Nearest.name(name, among: known, what: "metric", where: "--metric")
  }

  /// Says whether two runs are the same to the bit.
  package func bits(_ a: String, _ b: String) throws -> BitComparison {
    let database = try reading()
    var request = ComparisonRequest()
    request.runs = [a, b]
    let differences = Comparison(try select(request, in: database).runs, baseline: nil).differences
    return try BitComparison(
      open(whole: a, in: database).run, open(whole: b, in: database).run, differences,
      in: database)
  }
}

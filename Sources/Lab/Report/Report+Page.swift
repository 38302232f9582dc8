import LabFormats
import LabStore

extension Report {
  /// The points of all curves of a chart.
  private static let mostPoints = 12_000

  /// The charts of the page.
  static func pageCharts(of runs: [ReportedRun], in database: LabDatabase) throws -> [CurveChart] {
    let order = runs.map { Int($0.run.runID) }
    let points = max(40, min(CurveChart.mostPoints, mostPoints / max(1, runs.count)))
    var names = ["loss", "accuracy"]
    var curves: [String: [LearningCurve]] = [:]
    for reported in runs {
      for curve in try metricCurves(of: reported.run, in: database) {
        let name = DataSplit.parts(ofMetric: curve.metric).name
        if !names.contains(name) { names.append(name) }
        curves[name, default: []].append(curve)
      }
    }
    let charts = names.compactMap { name in
      CurveChart(
        (curves[name] ?? []).filter { $0.metric == name }
          + (curves[name] ?? []).filter { $0.metric != name }, points: points, order: order)
    }
    let rates = try runs.map { reported in
      let stored = try database.epochs(of: reported.run.runID)
      return stored.compactMap { epoch in epoch.learningRate.map { (epoch.epoch, $0) } }
    }
    let more: [(String, [[(epoch: Int, value: Double)]])] = [
      (CurveChart.rate, rates), (CurveChart.gradients, runs.map(\.gradients)),
    ]
    return charts
      + more.filter { name, values in
        // A single point is no curve.
        !names.contains(name) && values.contains { $0.count > 1 }
      }.compactMap { name, values in
        CurveChart(
          zip(runs, values).map { curve(name, of: $0.run, $1) }, points: points, hasBest: false,
          order: order)
      }
  }

  private static func curve(
    _ metric: String, of run: StoredRun, _ points: [(epoch: Int, value: Double)]
  ) -> LearningCurve {
    LearningCurve(run: Int(run.runID), name: run.name, metric: metric, points: points)
  }

  /// A run's metrics of training and validation, in the order of their first epoch.
  private static func metricCurves(
    of run: StoredRun, in database: LabDatabase
  ) throws -> [LearningCurve] {
    var names: [String] = []
    var points: [String: [(epoch: Int, value: Double)]] = [:]
    let metrics = try database.metrics(of: run.runID)
    for epoch in metrics.keys.sorted() {
      for metric in metrics[epoch] ?? [] where metric.split != .test {
        let name = metric.kerasName
        if points[name] == nil { names.append(name) }
        points[name, default: []].append((epoch, metric.value))
      }
    }
    return names.map { curve($0, of: run, points[$0] ?? []) }
  }

  /// Some runs and those that they descend from, each once, by number.
  static func family(of runs: [StoredRun], in database: LabDatabase) throws -> [StoredRun] {
    var known: [Int64: StoredRun] = [:]
    for run in runs {
      known[run.runID] = run
      var line = run
      // A parent is older than its fork; a damaged database may say otherwise, again and again.
      while let parent = line.parentRunID, parent < line.runID, known[parent] == nil {
        line = try database.run(parent)
        known[parent] = line
      }
    }
    return known.values.sorted { $0.runID < $1.runID }
  }
}

import LabFormats
import LabStore

/// A report on some runs, as a function of the database alone: written again it has the same bytes.
package struct Report {
  /// The file's name, for titles.
  let source: String
  let comparison: Comparison
  let runs: [ReportedRun]
  /// A chart a metric.
  let charts: [CurveChart]

  /// Each metric's training and validation in one chart, then rates and gradients: for the page.
  let pageCharts: [CurveChart]
  /// The runs, and those that they descend from, by number.
  let family: [StoredRun]

  /// The metrics that have a file each, in order.
  private static let metrics = ["loss", "val_loss", "accuracy", "val_accuracy"]

  /// Reads the runs of a comparison.
  ///
  /// - Parameters:
  ///   - parts: What is read of each beside its facts.
  ///   - samples: The training samples that are shown.
  ///   - isServed: Whether the page can ask for the weights of an epoch.
  init(
    _ comparison: Comparison, in database: LabDatabase, dataFolder: String? = nil,
    parts: ReportedRun.Parts = .all, samples: [Int]? = nil, isServed: Bool = false
  ) throws {
    let compared = comparison.runs
    self.comparison = comparison
    source = database.path.split(separator: "/").last.map(String.init) ?? database.path
    runs = try compared.chosen.map {
      let run = try database.run(Int64(compared.id($0)))
      return try ReportedRun(
        OpenedRun(run, in: database, dataFolder: dataFolder), among: compared.chosen.count,
        parts: parts, samples: samples, isServed: isServed)
    }
    // What is served are no files.
    charts = try (isServed ? [] : Self.metrics).compactMap { metric in
      let (split, name) = DataSplit.parts(ofMetric: metric)
      return CurveChart(
        try compared.chosen.map { row in
          LearningCurve(
            run: compared.id(row), name: compared.name(row), metric: metric,
            points: try database.curve(of: Int64(compared.id(row)), name, in: split))
        })
    }
    pageCharts = parts.contains(.curves) ? try Self.pageCharts(of: runs, in: database) : []
    family = try Self.family(of: runs.map(\.run), in: database)
  }

  /// `Run 3 of lab.db`, `5 runs of lab.db`.
  var title: String {
    runs.count == 1
      ? "Run \(runs[0].run.runID) of \(source)"
      : "\(NumberText.count(runs.count)) runs of \(source)"
  }

  /// The version of the program that made the newest run.
  var version: String { runs.map(\.run).max { $0.runID < $1.runID }?.version ?? "" }

  /// The settings that tell the runs apart, and those that all have.
  var settings: (differing: [String], shared: [Fact]) {
    (comparison.differences, comparison.shared)
  }
}

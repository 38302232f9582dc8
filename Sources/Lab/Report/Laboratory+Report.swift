import Foundation
import LabFormats
import LabStore

/// What `report` is asked.
package struct ReportRequest: Sendable {
  /// Which runs, as for a comparison.
  package var runs = ComparisonRequest()
  /// The folder to write into; it is made where it is missing.
  package var folder: String
  /// Whether every weight of every epoch is written to `weights.csv`.
  package var hasWeights = false

  /// Asks for a report on all runs.
  package init(folder: String) { self.folder = folder }
}

extension Laboratory {
  /// Writes a report: `summary.md` with its charts, `report.html`, `.csv` files and configurations.
  ///
  /// - Returns: The files' names in the order of writing.
  package func report(_ request: ReportRequest) throws -> [String] {
    let database = try reading()
    let (runs, baseline) = try select(request.runs, in: database)
    let report = try Report(
      Comparison(runs, baseline: baseline), in: database, dataFolder: dataFolder)
    let files = report.files
    let tables = RecordedTable.allCases.filter { $0 != .weights || request.hasWeights }
    let names = files.map(\.name) + tables.map(\.fileName)
    let folder = ReportFolder(path: request.folder)
    try folder.check(
      names + [RecordedTable.weights.fileName]
        + report.runs.flatMap { ReportedRun.pictureFiles(of: $0.run) },
      runs: Set(report.runs.map(\.run.uuid)),
      written: names)
    if request.hasWeights { try checkWeights(of: report, in: database) }
    do {
      try FileManager.default.createDirectory(
        atPath: request.folder, withIntermediateDirectories: true)
    } catch {
      throw LabError(
        .cannotCreate, "cannot make the folder", where: request.folder,
        next: "name another one with -o")
    }
    // First what tells whose report the folder holds.
    for (name, text) in files.sorted(by: { $0.name == "runs.csv" && $1.name != "runs.csv" }) {
      try FileBytes.write(Array(text.utf8), to: folder.file(name))
    }
    let ids = report.runs.map(\.run.runID)
    for table in tables {
      try write(table, of: ids, to: folder.file(table.fileName), from: database)
    }
    return names
  }

  /// Checks every epoch's weights, which are then read value by value.
  private func checkWeights(of report: Report, in database: LabDatabase) throws {
    for run in report.runs.map(\.run) {
      let opened = OpenedRun(run, in: database)
      for epoch in try database.epochs(of: run.runID, storing: .weights) {
        _ = try opened.state(at: epoch, with: .weights)
      }
    }
  }

  private func write(
    _ table: RecordedTable, of runs: [Int64], to path: String, from database: LabDatabase
  ) throws {
    let file = try CSVFile(path)
    try database.records(
      table, of: runs, columns: { try file.write($0.map(Table.Cell.text)) },
      row: { try file.write($0.map(Table.Cell.init)) })
    try file.finish()
  }
}

extension RecordedTable {
  /// The file that the table is written to.
  fileprivate var fileName: String { "\(rawValue).csv" }
}

extension Report {
  /// The files that are texts, with their names.
  var files: [(name: String, text: String)] {
    [("summary.md", markdown), ("report.html", ReportPage(report: self).html)]
      + charts.map { ("\($0.metric).svg", ChartFrame.file($0.svg())) }
      + runs.flatMap(\.pictures).map { ($0.file, ChartFrame.file($0.picture.plot.svg)) }
      + [("runs.csv", comparison.runs.chosenTable.csv())]
      + configurations
  }

  /// Those of the runs, and of the runs that they descend from, each once.
  private var configurations: [(name: String, text: String)] {
    let own = runs.map { (name: $0.configName, text: $0.run.config + "\n") }
    let all = own + runs.map(\.reproduction.configuration)
    let names = all.map(\.name)
    return all.enumerated().filter { names.firstIndex(of: $0.element.name) == $0.offset }
      .map(\.element)
  }
}

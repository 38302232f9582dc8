import ArgumentParser
import Lab

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a report on runs: a page, a summary, charts, CSV files.",
    discussion: """
      report.html is one file without network: tables, curves, weights by gate and epoch, gates \
      over time. summary.md shows the same on GitHub, with the charts beside it. runs.csv, \
      epochs.csv, metrics.csv and gate_stats.csv hold every row and digit; run-ID.json repeats a \
      run. The runs are chosen as by `lstm-lab compare`. A report is a function of the database: \
      written again it has the same bytes. It replaces an earlier one in the same folder only if it \
      is about at least the same runs.
      """)

  @OptionGroup var selection: RunSelection

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The folder to write into, made where it is missing.", valueName: "dir"),
    completion: .directory)
  var output = "report"

  @Flag(help: "Write every weight of every epoch to weights.csv, too.")
  var weights = false

  @OptionGroup var data: DataOption
  @OptionGroup var database: DatabaseOption

  func run() throws {
    var request = ReportRequest(folder: output)
    request.runs = selection.request
    request.hasWeights = weights
    let files = try database.laboratory(data).report(request)
    Terminal.say("Wrote \(files.joined(separator: ", ")) to \(output)")
  }
}

import ArgumentParser
import Lab

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a report on runs: a page, a summary, charts, CSV files.",
    discussion: """
      report.html is one file that needs no network: tables, curves, what each result makes of its \
      test data, else validation or training data (a confusion matrix; predicted numbers by true \
      ones and residuals; the end of a series and what follows), weights by gate and epoch, gates \
      over time. summary.md shows tables and charts on GitHub. runs.csv, epochs.csv, metrics.csv \
      and gate_stats.csv hold every row and every digit; run-RUN.json is the configuration that \
      repeats a run. Runs are chosen as in `lstm-lab compare`. A report depends on the database and \
      the runs' data alone: written again, it has the same bytes. It replaces an earlier report in \
      the same folder only if it covers at least the same runs.

      Examples:
        lstm-lab report
        lstm-lab report 1 4 7 -o paper
        lstm-lab report --where 'loss < 0.7' --sort loss -o good
      """)

  @OptionGroup var selection: RunSelection

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The folder to write to; it is made if it is missing.", valueName: "dir"),
    completion: .directory)
  var output = "report"

  @Flag(help: "Also write every weight of every epoch to weights.csv.")
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

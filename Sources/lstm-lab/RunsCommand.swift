import ArgumentParser
import Lab
import LabFormats

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "List the runs of the database.",
    discussion: """
      The newest run comes first. Each setting in which the runs differ has a column of its own. \
      Columns for which the terminal has no room are named below the list.

      Examples:
        lstm-lab runs
        lstm-lab runs --sort val_loss --limit 10
        lstm-lab runs --where 'val_loss < 0.1 and units >= 8'
      """)

  @Option(
    help:
      "Only runs with this status: running, completed, interrupted, crashed, diverged or failed.",
    completion: .list(RunList.statuses))
  var status: String?

  @Option(
    help: ArgumentHelp("Only runs whose name matches a pattern with * ? […].", valueName: "pattern")
  )
  var name: String?

  @Option(help: "Only runs with this tag.")
  var tag: String?

  @OptionGroup var condition: ConditionOption

  @Option(help: "Sort by this column, the smallest first.", completion: .list(RunList.sortKeys))
  var sort: String?

  @Flag(help: "Put the largest first.")
  var descending = false

  @Option(help: ArgumentHelp("List at most n runs.", valueName: "n"))
  var limit: Int?

  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: TableOptions

  func run() throws {
    let runs = try database.laboratory.runs(
      status: status, name: name, tag: tag, condition: condition.text, sort: sort,
      descending: descending, limit: limit, settings: output.format == nil)
    if runs.table.rows.isEmpty {
      let filters = [status, name, tag, condition.text]
      let isFiltered = limit == 0 || filters.contains { $0 != nil }
      Terminal.say(
        isFiltered
          ? "No run matches."
          : "No run is stored. Train one with: lstm-lab run CONFIG\(database.laboratory.option)")
    }
    try output.print(runs)
  }
}

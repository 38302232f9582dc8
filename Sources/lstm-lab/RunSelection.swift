import ArgumentParser
import Lab

/// Which runs are compared or reported, and in which order.
struct RunSelection: ParsableArguments {
  @Argument(
    help: ArgumentHelp("The runs; all if none is named.", valueName: "run"), completion: .run)
  var runs: [String] = []

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("Only runs that meet a condition.", valueName: "condition"))
  var condition: String?

  @Option(help: "Only runs with this tag.")
  var tag: String?

  @Option(help: ArgumentHelp("Only runs of this sweep.", valueName: "name"))
  var sweep: String?

  @Option(help: ArgumentHelp("Only the newest n runs of the database.", valueName: "n"))
  var last: Int?

  @Option(
    help: ArgumentHelp("Sort by a column or setting, the smallest first.", valueName: "name"),
    completion: .setting(or: RunList.sortKeys))
  var sort: String?

  @Flag(help: "Put the largest first.")
  var descending = false

  @Option(help: ArgumentHelp("Take at most n, after sorting.", valueName: "n"))
  var limit: Int?

  @Option(
    help: ArgumentHelp("Measure the others against this run.", valueName: "run"),
    completion: .run)
  var baseline: String?

  /// Whether nothing filters, sorts or measures the runs that are named.
  var takesAllNamed: Bool {
    [condition, tag, sweep, sort, baseline].allSatisfy { $0 == nil } && last == nil && limit == nil
      && !descending
  }

  var request: ComparisonRequest {
    var request = ComparisonRequest()
    request.runs = runs
    request.condition = condition
    request.tag = tag
    request.sweep = sweep
    request.last = last
    request.sort = sort
    request.isDescending = descending
    request.limit = limit
    request.baseline = baseline
    return request
  }
}

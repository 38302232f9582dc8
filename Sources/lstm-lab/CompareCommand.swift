import ArgumentParser
import Lab

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare runs: settings that differ, metrics, speed, size, curves.",
    discussion: """
      Without a run, all runs of the database are compared. --where takes a condition on columns \
      of the view `runs`, on metrics, on `tag` and on settings. A setting is named by the end of \
      its path; a layer's setting without the layer's name is that of the first layer that has \
      it. The operators are = != < <= > >= ~ (a pattern with * and ?), in (…), is null, and, or, \
      not.

      --group-by joins runs into mean ± standard deviation: those that have the same value of a \
      setting or, with `config`, those with the same settings apart from seed and fold, the same data \
      and the same initial weights. Only completed runs count, and a bit-identical repeat counts \
      once. --sort then goes by the means of the groups, and --limit counts groups. Each \
      difference to the baseline gets a verdict: whether it is more than noise, that is, whether \
      its 95 % interval (Welch) leaves out 0. About one in twenty such verdicts will be wrong. \
      --csv and --json have every column.

      --bits compares two runs by the hashes of their epochs; the exit code is 1 if they differ.

      Examples:
        lstm-lab compare --sort val_loss --limit 10
        lstm-lab compare --where 'units >= 4 and (loss < 0.7 or name ~ "test*")'
        lstm-lab compare --group-by config --baseline 1
      """)

  @OptionGroup var selection: RunSelection

  @Option(
    name: .customLong("group-by"),
    help: ArgumentHelp(
      "Join runs that have the same value of a setting, or `config`.", valueName: "setting"),
    completion: .setting(or: ["config"]))
  var groupBy: String?

  @Option(
    help: ArgumentHelp(
      "The metric of the curves; by default val_loss, else loss. Of more than 8 runs the best 8 are drawn.",
      valueName: "name"))
  var metric: String?

  @Flag(help: "Say whether two runs are bit-identical, or where they part.")
  var bits = false

  @Flag(help: "Also show the settings that are the same in all runs.")
  var all = false

  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: TableOptions

  func validate() throws {
    if bits, selection.runs.count != 2 {
      throw ValidationError("--bits compares two runs; \(selection.runs.count) are named")
    }
    let isMore = all || groupBy != nil || metric != nil || !selection.takesAllNamed
    if bits, isMore {
      throw ValidationError("--bits takes two runs and no other option but a form of output")
    }
  }

  func run() throws {
    guard bits else { return try output.print(database.laboratory.compare(request)) }
    let comparison = try database.laboratory.bits(selection.runs[0], selection.runs[1])
    try output.print(comparison)
    if comparison.isDifferent { throw ExitCode(1) }
  }

  private var request: ComparisonRequest {
    var request = selection.request
    request.groupBy = groupBy
    request.metric = metric
    request.showsShared = all
    return request
  }
}

import ArgumentParser
import Lab

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare runs: settings that differ, metrics, speed, size, curves.",
    discussion: """
      Without runs: all of the database. --where takes columns of the view `runs`, metrics, `tag` \
      and settings, the latter by the end of their path (a layer's without the layer's name is the \
      first layer's that has it): --where 'units > 4 and (val_loss < 0.5 or not name ~ "test*")'. \
      There are = != < <= > >= ~ (pattern with * and ?), in (…), is null, and, or, not.

      --group-by folds runs that share a setting, or with `config` all settings but the seed, the \
      data and the first weights, into mean ± standard deviation: completed runs, each bit-identical \
      repeat once. --sort takes the groups' means, and --limit counts groups. Of each difference to \
      the baseline it says whether it is more than noise: whether its 95 % interval (Welch) leaves \
      out 0. Of twenty such words one may be wrong. --csv and --json have every column. --bits \
      compares two runs by the hashes of their epochs and ends with 1 if they differ.
      """)

  @OptionGroup var selection: RunSelection

  @Option(
    name: .customLong("group-by"),
    help: ArgumentHelp("Fold runs with the same setting, or `config`.", valueName: "setting"),
    completion: .setting(or: ["config"]))
  var groupBy: String?

  @Option(
    help: ArgumentHelp(
      "The metric of the curves, drawn for up to 8 runs; val_loss or loss.", valueName: "name"))
  var metric: String?

  @Flag(help: "Say whether two runs are bit-identical, or where they part.")
  var bits = false

  @Flag(help: "Tell the settings that are the same, too.")
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

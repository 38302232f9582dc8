import ArgumentParser
import Lab

struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare the weights of two epochs, of one run or of two.",
    discussion: """
      The exit code is 1 if any bit differs, and 0 if none does. --csv prints the weights that \
      moved most; --json and --md also print the norms of each gate.

      --since-fork takes two runs with a common start: a run and its fork, two forks, or two runs from \
      the same first weights. It tells the first epoch that differs, by which gates, which samples' \
      losses parted, and how far the runs came apart since. --csv has a row an epoch.

      Examples:
        lstm-lab diff 1@50 1@100
        lstm-lab diff 1@best 2@best --top 20
        lstm-lab diff 1 2 --since-fork
      """)

  @Argument(help: ArgumentHelp("The first epoch, RUN@EPOCH.", valueName: "a"), completion: .run)
  var a: String

  @Argument(help: ArgumentHelp("The second epoch, RUN@EPOCH.", valueName: "b"), completion: .run)
  var b: String

  @Option(help: ArgumentHelp("Show at most n weights.", valueName: "n"))
  var top = 10

  @Flag(help: "Tell where two runs with a common start parted.")
  var sinceFork = false

  @Option(
    help:
      "With --since-fork, the samples whose losses are compared: train (the default), validation or test.",
    completion: .list(["train", "validation", "test"]))
  var split: String?

  @OptionGroup var data: DataOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: TableOptions

  func validate() throws {
    if top < 0 { throw ValidationError("--top is \(top); allowed: 0 or more") }
    if split != nil, !sinceFork { throw ValidationError("--split is for --since-fork: add it") }
  }

  func run() throws {
    if sinceFork {
      var parting = try database.laboratory(data).parting(
        a, b, split: split, resources: TrainingOptions.ofEnvironment())
      parting.top = top
      try output.print(parting)
      if parting.isDifferent { throw ExitCode(1) }
      return
    }
    var difference = try database.laboratory(data).difference(a, b)
    difference.top = top
    try output.print(difference)
    if difference.isDifferent { throw ExitCode(1) }
  }
}

import ArgumentParser
import Lab

/// The runs that a command changes.
struct KeptRunsArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp("The runs; with --where alone, all that meet it.", valueName: "run"),
    completion: .run)
  var runs: [String] = []

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "Only runs that meet a condition, as `compare` takes it.", valueName: "condition"))
  var condition: String?

  var choice: RunChoice { RunChoice(runs: runs, condition: condition) }
}

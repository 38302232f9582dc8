import ArgumentParser
import Lab

/// The runs that a command changes.
struct KeptRunsArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp("The runs; with --where alone, all that meet it.", valueName: "run"),
    completion: .run)
  var runs: [String] = []

  @OptionGroup var condition: ConditionOption

  var choice: RunChoice { RunChoice(runs: runs, condition: condition.text) }
}

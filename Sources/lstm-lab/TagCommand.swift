import ArgumentParser
import Lab

struct TagCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tag", abstract: "Add tags to runs, or take them away.",
    discussion: """
      Prints the runs with their tags; without --add and --remove, as they are. Tags change no \
      weights and no hash, and a run may be training meanwhile. `runs --tag` lists those that have one.

      Examples:
        lstm-lab tag 3 4 --add baseline
        lstm-lab tag --where 'val_loss < 0.1' --add good --remove draft
      """)

  @OptionGroup var runs: KeptRunsArgument

  @Option(name: .customLong("add"), help: ArgumentHelp("Add this tag.", valueName: "tag"))
  var added: [String] = []

  @Option(name: .customLong("remove"), help: ArgumentHelp("Take this tag away.", valueName: "tag"))
  var removed: [String] = []

  @Flag(name: .customLong("dry-run"), help: "Say what would change, and change nothing.")
  var isDryRun = false

  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: TableOptions

  func run() throws {
    try output.print(
      database.laboratory.tag(runs.choice, adding: added, removing: removed, isDryRun: isDryRun))
  }
}

import ArgumentParser
import Foundation
import Lab
import LabFormats

struct PruneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune", abstract: "Remove stored weights and optimizer states of epochs.",
    discussion: """
      With every=N each N-th epoch keeps what it has, with last none; the first epoch, the best, the \
      result and the last always do. Epochs keep their metrics and hashes. An epoch that loses its \
      weights loses its optimizer state, too.

      Nothing is lost for good: commands that look at such an epoch train it again from the nearest \
      state before, and prove it by its hash. A run whose data are not there is therefore refused, \
      unless --force says that it may lose them. It asks on a terminal; elsewhere --yes must be \
      given. All the runs are pruned or none; one that is being trained never is.

      Examples:
        lstm-lab prune 3 --weights every=10 --optimizer last --dry-run
        lstm-lab prune --where 'status = completed' --optimizer last --yes
      """)

  @OptionGroup var runs: KeptRunsArgument

  @Option(
    help: ArgumentHelp("Which epochs keep their weights: every=10, or last.", valueName: "which"))
  var weights: String?

  @Option(
    help: ArgumentHelp(
      "Which epochs keep their optimizer states: every=10, or last.", valueName: "which"))
  var optimizer: String?

  @Flag(help: "Prune also what could not be trained again.")
  var force = false

  @Flag(help: "Prune without asking.")
  var yes = false

  @Flag(name: .customLong("dry-run"), help: "Say what would be removed, and remove nothing.")
  var isDryRun = false

  @Flag(help: "Give the space back to the disk.")
  var shrink = false

  @OptionGroup var data: DataOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: TableOptions

  func validate() throws {
    if weights == nil, optimizer == nil {
      throw ValidationError("say what falls away: --weights every=10, --optimizer last, or both")
    }
  }

  func run() throws {
    let request = PruneRequest(
      weights: try weights.map { try PruneRule($0, option: "--weights") },
      optimizer: try optimizer.map { try PruneRule($0, option: "--optimizer") }, isForced: force)
    let pruning = try database.laboratory(data).pruning(of: runs.choice, request)
    guard !isDryRun else {
      try output.print(pruning.table)
      return Terminal.say("Would remove \(pruning.summary).")
    }
    guard !pruning.isEmpty else { return Terminal.say("There is nothing to remove.") }
    if !yes {
      try output.print(pruning.table)
      guard try Confirmation.ask("Remove \(pruning.summary)?") else {
        Terminal.say("Nothing was removed.")
        throw ExitCode(1)
      }
    }
    try pruning.carryOut(shrinks: shrink)
    Terminal.say("Removed \(pruning.summary).")
  }
}

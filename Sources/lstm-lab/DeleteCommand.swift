import ArgumentParser
import Foundation
import Lab
import LabFormats

struct DeleteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete runs with everything that is stored of them.",
    discussion: """
      It says what falls away, and asks on a terminal; elsewhere --yes must be given. All the runs \
      are deleted or none. A run that is being trained is never deleted. A fork whose parent is \
      deleted stays, and can be verified and resumed.

      The file keeps its size, and new runs take the space; --shrink gives it back to the disk.

      Examples:
        lstm-lab delete 7 --dry-run
        lstm-lab delete --where 'status = crashed' --yes
        lstm-lab delete 3 4 --yes --shrink
      """)

  @OptionGroup var runs: KeptRunsArgument

  @Flag(help: "Delete without asking.")
  var yes = false

  @Flag(name: .customLong("dry-run"), help: "Say what would be deleted, and delete nothing.")
  var isDryRun = false

  @Flag(help: "Give the space back to the disk.")
  var shrink = false

  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: TableOptions

  func run() throws {
    let deletion = try database.laboratory.deletion(of: runs.choice)
    guard !isDryRun else {
      try output.print(deletion.table)
      return Terminal.say("Would delete \(deletion.summary).")
    }
    if !yes {
      try output.print(deletion.table)
      guard try Confirmation.ask("Delete \(deletion.summary)?") else {
        Terminal.say("Nothing was deleted.")
        throw ExitCode(1)
      }
    }
    try deletion.carryOut(shrinks: shrink)
    Terminal.say("Deleted \(deletion.summary).")
  }
}

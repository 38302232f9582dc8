import ArgumentParser
import Lab
import LabFormats

struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge", abstract: "Take the runs of other databases into this one.",
    discussion: """
      All arguments are read, --db is written, and made if it is missing. A run is the same where \
      its uuid is: it is taken in once, however often the command is repeated. One that is longer \
      elsewhere gets its later epochs. Nothing here is overwritten: a run with other hashes is left \
      as it is and named with the first epoch that differs; the exit code is 1 then. Each database \
      is taken in whole or not at all, and one that cannot be read does not keep the others out. \
      With --where only the runs are taken in that meet the condition in their own database.

      Examples:
        lstm-lab merge --db lab.db shards/*.db
        lstm-lab merge laptop.db --dry-run
        lstm-lab merge anna.db --where 'tag = good'
      """)

  @Argument(
    help: ArgumentHelp("The databases to read.", valueName: "file"),
    completion: .file(extensions: ["db"]))
  var files: [String]

  @OptionGroup var condition: ConditionOption

  @Flag(name: .customLong("dry-run"), help: "Say what would be taken in, and change nothing.")
  var isDryRun = false

  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: TableOptions

  func run() throws {
    Interruption.listen()
    let merge = try database.laboratory.merge(
      files, where: condition.text, isDryRun: isDryRun, shouldStop: { Interruption.signal != nil })
    if output.format != nil { try output.print(merge) }
    for conflict in merge.conflicts { Terminal.say(conflict) }
    for error in merge.errors { Terminal.say(error.description) }
    Terminal.say((isDryRun ? "Would merge " : "Merged ") + merge.summary + ".")
    if let signal = Interruption.signal { throw ExitCode(128 + signal) }
    if let error = merge.errors.first { throw ExitCode(error.exitCode) }
    if !merge.conflicts.isEmpty { throw ExitCode(1) }
  }
}

import ArgumentParser
import Lab

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check a configuration and its data without training.",
    discussion: """
      Prints a summary of the model and the data, and what a run will take: time, disk space \
      and memory. The time is measured on a few optimizer steps, which are then thrown away. \
      Warnings come last: about what is allowed and is almost always a mistake.

      Examples:
        lstm-lab check config.json
        lstm-lab check config.json --json
      """)

  @Argument(help: "The configuration, a JSON file.", completion: .file(extensions: ["json"]))
  var config: String

  @OptionGroup var output: TableOptions

  func run() throws {
    let report = try PlanReport(contentsOf: config, resources: TrainingOptions.ofEnvironment())
    for note in report.notes { Terminal.say(note) }
    try output.print(report)
  }
}

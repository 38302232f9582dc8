import ArgumentParser
import Lab

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check a configuration and its data without training.",
    discussion: """
      Prints the model's summary, what the data are, and what a run of it will take in time, on disk \
      and in memory; the time is that of a few steps, which are trained and forgotten. Then it warns \
      of what is allowed and almost always a mistake.
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

import ArgumentParser
import Lab

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check a configuration and its data without training.",
    discussion: "Prints the model's summary and what a run of it will take on disk and in memory.")

  @Argument(help: "The configuration, a JSON file.", completion: .file(extensions: ["json"]))
  var config: String

  @OptionGroup var output: TableOptions

  func run() throws {
    try output.print(PlanReport(contentsOf: config))
  }
}

import ArgumentParser
import Lab

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Train the model of a configuration and store every epoch.",
    discussion: """
      Ends by printing the run's id. SIGINT and SIGTERM stop it after the last whole epoch; \
      `lstm-lab resume` goes on from there, or after a crash, to the same bits. Exit codes: 0; 65 \
      where the configuration or its data are bad, or the training diverged; 130 after SIGINT; 143 \
      after SIGTERM.
      """)

  @Argument(help: "The configuration, a JSON file.")
  var config: String

  @OptionGroup var database: DatabaseOption
  @OptionGroup var training: TrainingOptions

  func run() throws {
    let session = try database.laboratory.start(
      configPath: config, resources: training.resources())
    try TrainingDisplay(session, database.laboratory, isQuiet: training.quiet).train()
  }
}

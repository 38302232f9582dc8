import ArgumentParser
import Lab

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Prove that every stored bit of a run is what training gives.",
    discussion: """
      First it checks the pages of the file, and the chain of hashes over weights and optimizer \
      state. Then it trains the run again and compares the hash, weights, optimizer state, \
      metrics and predictions of every epoch. It names the first epochs and tensors that differ; \
      the exit code is 1 if anything does.

      Examples:
        lstm-lab verify @last
        lstm-lab verify 3 --from 90
        lstm-lab verify 3 --stored-only
      """)

  @OptionGroup var reference: RunArgument

  @Option(
    help: ArgumentHelp(
      "Train again from this stored epoch instead of the first.", valueName: "epoch")
  )
  var from: Int?

  @Flag(name: .customLong("stored-only"), help: "Check the file and the hashes; train nothing.")
  var storedOnly = false

  @OptionGroup var data: DataOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: TableOptions

  func validate() throws {
    if storedOnly, from != nil {
      throw ValidationError("--stored-only trains nothing: leave out --from")
    }
  }

  func run() throws {
    let verification = try database.laboratory(data).verify(
      reference.text, from: from, trains: !storedOnly, resources: TrainingOptions.ofEnvironment())
    try output.print(verification)
    if !verification.problems.isEmpty { throw ExitCode(1) }
  }
}

import ArgumentParser
import Lab

struct BlameCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "blame",
    abstract: "Show what moved a weight in an epoch: which batches, samples and time steps.",
    discussion: """
      The epoch is trained again from the stored state before it, which gives the stored bits. \
      The change of the weight is split by batch, and by sample and time step, whose gradients \
      add up. The momentum of earlier steps, and what rounding leaves over, are shown apart. \
      --csv prints the smallest parts: a row for each batch, sample and time step.

      Examples:
        lstm-lab blame 1 'lstm/kernel[0,3]' --epoch 40
        lstm-lab blame @last --gate forget --unit 2 --source x1
      """)

  @OptionGroup var reference: RunArgument

  @Argument(help: ArgumentHelp("The weight, such as lstm/kernel[0,3].", valueName: "weight"))
  var path: String?

  @Option(help: ArgumentHelp("The epoch; by default that of the result.", valueName: "e"))
  var epoch: Int?

  @OptionGroup var selection: SelectionOptions
  @OptionGroup var data: DataOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: TableOptions

  func run() throws {
    let blame = try database.laboratory(data).blame(
      reference.text, selection.selection(paths: path.map { [$0] } ?? []), epoch: epoch,
      resources: TrainingOptions.ofEnvironment())
    try output.print(blame)
  }
}

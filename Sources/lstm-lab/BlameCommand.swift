import ArgumentParser
import Lab

struct BlameCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "blame",
    abstract: "Tell who moved a weight in an epoch: which batches, samples and time steps.",
    discussion: """
      The epoch is trained again from the stored state before it, which gives the stored bits. The \
      weight's change is split: by batch; by sample and time step, whose gradients add up; the \
      momentum of earlier steps apart; and what rounding leaves over. --csv prints the finest \
      parts, a row for each batch, sample and step.
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
      reference.text, selection.selection(path: path), epoch: epoch,
      resources: TrainingOptions.ofEnvironment())
    try output.print(blame)
  }
}

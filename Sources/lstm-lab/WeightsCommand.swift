import ArgumentParser
import Lab

struct WeightsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weights",
    abstract: "Show the weights of an epoch, or the history of one weight.",
    discussion: """
      Without a selection: every tensor with its statistics. A selection of one weight shows its \
      history up to the epoch, one of several lists their values: \
      lstm-lab weights @last lstm/kernel[0,3], \
      lstm-lab weights @last --gate forget --unit 2 --source x1.
      """)

  @OptionGroup var reference: EpochArgument

  @Argument(
    help: ArgumentHelp(
      "A tensor, lstm/kernel, or a weight of it, lstm/kernel[0,3].", valueName: "weight"))
  var path: String?

  @OptionGroup var selection: SelectionOptions

  @Flag(name: .customLong("by-gate"), help: "Give each gate's part of a tensor a line.")
  var byGate = false

  @Flag(help: "Show the gates' matrices on [h, x]: W_f, W_i, W_C, W_o with their biases.")
  var concat = false

  @Flag(help: "Print every epoch of a history instead of some.")
  var all = false

  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: TableOptions

  func validate() throws {
    if concat, path != nil || selection.isWithinLayer {
      throw ValidationError("--concat shows whole layers; of the selections it takes --layer only")
    }
  }

  func run() throws {
    var report = try report()
    report.showsAll = all
    try output.print(report)
  }

  private func report() throws -> WeightsReport {
    if concat {
      return try database.laboratory.concatenatedWeights(reference.text, layer: selection.layer)
    }
    return try database.laboratory.weights(
      reference.text, selection.selection(path: path), byGate: byGate)
  }
}

import ArgumentParser
import Lab

struct WeightsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weights",
    abstract: "Show the weights of an epoch, or the history of one weight.",
    discussion: """
      Without a selection it shows statistics of every tensor. Of one weight it shows the history \
      up to the epoch, of several their values. Several weights that are named one by one show \
      their histories, and so does --history. --heat draws the selected weights.

      Examples:
        lstm-lab weights @last 'lstm/kernel[0,3]'
        lstm-lab weights @last --gate forget --units 0..3 --source x1 --history
        lstm-lab weights 3@50 lstm/recurrent_kernel --heat
      """)

  @OptionGroup var reference: EpochArgument

  @Argument(
    help: ArgumentHelp(
      "A tensor, lstm/kernel, or one of its weights, lstm/kernel[0,3]; or several of them.",
      valueName: "weight"))
  var paths: [String] = []

  @OptionGroup var selection: SelectionOptions

  @Flag(name: .customLong("by-gate"), help: "Give each gate of a tensor a line of its own.")
  var byGate = false

  @Flag(help: "Show the matrices of the gates on [h, x]: W_f, W_i, W_C, W_o, with their biases.")
  var concat = false

  @Flag(help: "Show the history of every selected weight.")
  var history = false

  @Flag(help: "Draw the selected weights as a heat map.")
  var heat = false

  @Flag(help: "Print every epoch of a history and every weight of a long list.")
  var all = false

  @OptionGroup var data: DataOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: TableOptions

  func validate() throws {
    if concat, !paths.isEmpty || selection.isWithinUnit {
      throw ValidationError("--concat shows whole rows: narrow it with --layer and --units only")
    }
    if [byGate, concat, history, heat].count(where: { $0 }) > 1 {
      throw ValidationError("choose one of --by-gate, --concat, --history and --heat")
    }
  }

  func run() throws {
    var report = try report()
    report.showsAll = all
    try output.print(report)
  }

  private func report() throws -> WeightsReport {
    if concat {
      return try database.laboratory(data).concatenatedWeights(
        reference.text, layer: selection.layer, units: selection.ranges())
    }
    let form: WeightsForm =
      history ? .histories : heat ? .picture : byGate ? .byGate : .usual
    return try database.laboratory(data).weights(
      reference.text, selection.selection(paths: paths), as: form)
  }
}

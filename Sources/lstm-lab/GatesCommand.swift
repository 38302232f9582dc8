import ArgumentParser
import Lab

struct GatesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gates",
    abstract: "Show every gate, cell and hidden state of a sample, step by step.",
    discussion: """
      The terminal shows a heat map, with numbers where they fit; --csv, --json and --md have every \
      value, in the columns of the view `activations`. With --saturation: the share of each gate \
      under 0.05 and over 0.95 over all samples and steps, and the units that are dead (the hidden \
      state stays within ±0.01) or stuck (a gate never leaves its bound).
      """)

  @OptionGroup var reference: EpochArgument

  @Option(help: ArgumentHelp("The sample, counted from 0.", valueName: "k"))
  var sample: Int?

  @Flag(help: "Tell how far all samples drive the gates to their bounds.")
  var saturation = false

  @OptionGroup var part: PartOptions

  @Option(help: ArgumentHelp("Show this unit only.", valueName: "n"))
  var unit: Int?

  @OptionGroup var data: DataOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: TableOptions

  func validate() throws {
    if saturation, sample != nil || unit != nil {
      throw ValidationError("--saturation is about all samples and units")
    }
  }

  func run() throws {
    let laboratory = database.laboratory(data)
    if saturation {
      let report = try laboratory.saturation(reference.text, split: part.split, layer: part.layer)
      return try output.print(report)
    }
    let report = try laboratory.gates(
      reference.text, sample: sample ?? 0, split: part.split, layer: part.layer, unit: unit)
    try output.print(report)
  }
}

import ArgumentParser
import Lab

struct GatesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gates",
    abstract: "Show every gate, cell and hidden state of a sample, step by step.",
    discussion: """
      A terminal shows a heat map, with numbers where they fit. --csv, --json and --md have \
      every value, in the columns of the view `activations`, and of a text the `character` that \
      the step reads. --saturation shows how often each \
      gate is below 0.05 and above 0.95, over all samples and time steps, and which units are dead \
      (the hidden state stays within ±0.01) or stuck (a gate never leaves its bound).

      With a file its samples are looked at, read as the run read its own. Of a run that another \
      program trained, without a file, the gates are shown that it recorded.

      Examples:
        lstm-lab gates 1 --sample 3
        lstm-lab gates 1@50 --units 0..2 --steps 2..4
        lstm-lab gates 1 --saturation --split train
      """)

  @OptionGroup var reference: EpochArgument
  @OptionGroup var samples: FileOptions

  @Option(help: ArgumentHelp("The sample, counted from 0.", valueName: "k"))
  var sample: Int?

  @Flag(help: "Show how often the gates are at their bounds, over all samples.")
  var saturation = false

  @OptionGroup var part: PartOptions

  @Option(help: ArgumentHelp("Show only this unit.", valueName: "n"))
  var unit: Int?

  @Option(help: ArgumentHelp("Show only these units, such as 0..9 or 3,7.", valueName: "list"))
  var units: String?

  @Option(
    help: ArgumentHelp("Show only these time steps, such as 100..200.", valueName: "list"))
  var steps: String?

  @OptionGroup var data: DataOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: TableOptions

  func validate() throws {
    try samples.require(without: part.split)
    if saturation, sample != nil || unit != nil || units != nil || steps != nil {
      throw ValidationError(
        "--saturation counts all samples, units and steps; leave out --sample, --unit, --units and "
          + "--steps")
    }
    if unit != nil, units != nil {
      throw ValidationError("name the units once: with --unit or with --units")
    }
  }

  func run() throws {
    let laboratory = database.laboratory(data)
    if saturation {
      let report = try laboratory.saturation(
        reference.text, samples.file, split: part.split, layer: part.layer)
      return try output.print(report)
    }
    let report = try laboratory.gates(
      reference.text, samples.file, sample: sample, split: part.split, layer: part.layer,
      units: (unit.map(String.init) ?? units).map {
        try IndexRanges($0, option: unit == nil ? "--units" : "--unit")
      },
      steps: steps.map { try IndexRanges($0, option: "--steps") })
    try output.print(report)
  }
}

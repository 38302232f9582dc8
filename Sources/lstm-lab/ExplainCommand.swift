import ArgumentParser
import Lab
import LabFormats

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain the calculation step by step, with the numbers of a run.",
    discussion: """
      First come the sizes: how many weights each layer has, and why. Then comes one time step \
      of one sample: each gate, the states, the dense layers and the loss, each as a formula, \
      with the numbers put in, and with its result. --md prints LaTeX that GitHub renders, \
      --json every number in full. With a file its samples are looked at, read as the run read its \
      own.

      --why tells which inputs at which steps carried the prediction: integrated gradients along the \
      line from a baseline to the sample. They add up to the difference of the two outputs; what the \
      pieces of the line leave over is told.

      Examples:
        lstm-lab explain 1@50 --sample 3 --step 0 --unit 2
        lstm-lab explain 1 --md > explanation.md
        lstm-lab explain 1 --sample 3 --why
      """)

  enum Form: String, EnumerableFlag {
    case json, md, csv

    static func help(for form: Form) -> ArgumentHelp? {
      switch form {
      case .json: "Print every number as JSON."
      case .md: "Print Markdown with LaTeX."
      case .csv: "With --why, print a row for each step and feature."
      }
    }
  }

  @OptionGroup var reference: EpochArgument
  @OptionGroup var samples: FileOptions

  @Option(help: ArgumentHelp("The sample, counted from 0.", valueName: "k"))
  var sample = 0

  @Option(
    help: ArgumentHelp("The time step, counted from 0; by default the last.", valueName: "t"))
  var step: Int?

  @Option(
    help: ArgumentHelp("The unit whose sums are written out; by default 0.", valueName: "u"))
  var unit: Int?

  @Option(
    help: "The split: train (the default), validation or test.",
    completion: .list(["train", "validation", "test"]))
  var split: String?

  @Flag(help: "Tell which inputs at which steps carried the prediction.")
  var why = false

  @Option(
    help: ArgumentHelp(
      "With --why, the output that is explained, counted from 0; by default the greatest.",
      valueName: "k"))
  var output: Int?

  @Option(
    help: ArgumentHelp(
      "With --why, what the sample is compared with: inputs of zero (the default), or the mean of each.",
      valueName: "zero|mean"),
    completion: .list(IntegratedGradients.Baseline.allCases.map(\.rawValue)))
  var baseline: String?

  @Option(
    help: ArgumentHelp(
      "With --why, the number of pieces of the line; by default 256.", valueName: "n"))
  var pieces: Int?

  @OptionGroup var data: DataOption
  @OptionGroup var database: DatabaseOption

  @Flag(exclusivity: .exclusive)
  var form: Form?

  func validate() throws {
    try samples.require(without: split)
    if why {
      if unit != nil { throw ValidationError("--unit is for the calculation: leave out --why") }
      if let baseline, IntegratedGradients.Baseline(rawValue: baseline) == nil {
        throw ValidationError("--baseline is \(baseline); allowed: zero, mean")
      }
      if let pieces, !(1...100_000).contains(pieces) {
        throw ValidationError("--pieces is \(pieces); allowed: 1 to 100000")
      }
    } else if output != nil || baseline != nil || pieces != nil || form == .csv {
      throw ValidationError("--output, --baseline, --pieces and --csv are for --why: add it")
    }
  }

  func run() throws {
    if why { return try tellWhy() }
    let explanation = try database.laboratory(data).explain(
      reference.text, samples.file, sample: sample, step: step, unit: unit, split: split)
    switch form {
    case .json: try Terminal.write(explanation.json())
    case .md: try Terminal.write(explanation.text.markdown())
    case .csv, nil: try Terminal.write(explanation.text.plain(on: Terminal.screen))
    }
  }

  private func tellWhy() throws {
    let answer = try database.laboratory(data).attributions(
      reference.text, samples.file, sample: sample, step: step, output: output, split: split,
      baseline: baseline.flatMap(IntegratedGradients.Baseline.init) ?? .zero,
      pieces: pieces ?? 256, resources: TrainingOptions.ofEnvironment())
    switch form {
    case .json: try Terminal.write(answer.json())
    case .md: try Terminal.write(answer.markdown())
    case .csv: try Terminal.write(answer.csv())
    case nil: try Terminal.write(answer.text(on: Terminal.screen))
    }
  }
}

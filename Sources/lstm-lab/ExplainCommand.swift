import ArgumentParser
import Lab

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

      Examples:
        lstm-lab explain 1 --sample 3
        lstm-lab explain 1@50 --sample 3 --step 0 --unit 2
        lstm-lab explain 1 --md > explanation.md
      """)

  enum Form: String, EnumerableFlag {
    case json, md

    static func help(for form: Form) -> ArgumentHelp? {
      switch form {
      case .json: "Print every number as JSON."
      case .md: "Print Markdown with LaTeX."
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

  @OptionGroup var data: DataOption
  @OptionGroup var database: DatabaseOption

  @Flag(exclusivity: .exclusive)
  var form: Form?

  func validate() throws { try samples.require(without: split) }

  func run() throws {
    let explanation = try database.laboratory(data).explain(
      reference.text, samples.file, sample: sample, step: step, unit: unit, split: split)
    switch form {
    case .json: try Terminal.write(explanation.json())
    case .md: try Terminal.write(explanation.text.markdown())
    case nil: try Terminal.write(explanation.text.plain(on: Terminal.screen))
    }
  }
}

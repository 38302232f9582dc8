import ArgumentParser
import Lab

struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Let a run that was trained on a text write.",
    discussion: """
      The model reads the prompt, then draws a character by its probabilities, reads that, and so \
      on; what its layers remember is carried from each to the next. Prompt and text go to standard \
      output as they are; a terminal shows control characters as signs. Without a prompt it begins \
      a line. The text is a function of the epoch's weights, prompt, temperature and seed alone, \
      on every machine.

      --temperature divides the differences between logits: 1 draws as the model has learnt, less \
      keeps to what is likely, 0 takes the most likely character each time. --epochs lets several \
      epochs write, each under a heading.

      Examples:
        lstm-lab generate bible --prompt 'In the beginning'
        lstm-lab generate bible@20 --length 500 --temperature 0.7 --seed 2
        lstm-lab generate bible --prompt 'And ' --epochs 1,5,20
      """)

  @OptionGroup var reference: EpochArgument

  @Option(help: "The text to go on with, of characters that the run's text has.")
  var prompt: String?

  @Option(help: ArgumentHelp("Write so many characters.", valueName: "n"))
  var length = 200

  @Option(
    help: ArgumentHelp(
      "Divide differences between logits by this; 0 or 0.001 to 1000.", valueName: "x"))
  var temperature = 1.0

  @Option(help: ArgumentHelp("Draw by the random numbers of this seed.", valueName: "s"))
  var seed = 0

  @Option(
    help: ArgumentHelp("Let each of these epochs write, such as 1,5,20 or 1..3.", valueName: "list")
  )
  var epochs: String?

  @OptionGroup var data: DataOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: TableOptions

  func run() throws {
    let request = try TextRequest(
      prompt: prompt, length: length, temperature: temperature, seed: seed,
      epochs: epochs.map { try IndexRanges($0, option: "--epochs") })
    try output.print(
      database.laboratory(data).generate(
        reference.text, request, resources: TrainingOptions.ofEnvironment()))
  }
}

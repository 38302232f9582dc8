import ArgumentParser
import Lab

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a run with new data, or with a split of its own.",
    discussion: """
      Prints loss and metrics; for classes also precision, recall and F1 of each, as scikit-learn \
      computes them (a division by zero gives 0), and which class was predicted for which. The \
      file is read as `predict` reads it, and must have targets. Without a file the run's test \
      data are taken, else its validation data, else its training data. These are measured with \
      the weights after the epoch, while the stored loss is a mean over the epoch.

      Examples:
        lstm-lab evaluate 1
        lstm-lab evaluate walks@best new.csv --json
        lstm-lab evaluate 1@2 --split train
      """)

  @OptionGroup var reference: EpochArgument
  @OptionGroup var samples: SampleOptions
  @OptionGroup var resources: ThreadOption
  @OptionGroup var data: DataOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: TableOptions

  func run() throws {
    try output.print(
      try database.laboratory(data).evaluate(
        reference.text, samples.file, split: samples.split, resources: resources.resources()))
  }
}

import ArgumentParser
import Lab
import LabFormats

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Apply a run to new data, or to a part of its own.",
    discussion: """
      Reads the file as the run read its own, by what is stored with the run: the same columns, in any \
      order, scaled alike; the target may be missing. Prints CSV, a row a sample: what the sample \
      is called, the step where each has an output, every output, what is predicted, and the \
      target where it is known. Without a file: what the run was tested with, else validated, \
      else trained.

      Examples:
        lstm-lab predict walks tomorrow.csv > predicted.csv
        lstm-lab predict @best --json
        lstm-lab predict 1@2 --split train
      """)

  @OptionGroup var reference: EpochArgument
  @OptionGroup var samples: SampleOptions
  @OptionGroup var resources: ThreadOption
  @OptionGroup var data: DataOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: TableOptions

  func run() throws {
    let predictions = try database.laboratory(data).predict(
      reference.text, samples.file, split: samples.split, resources: resources.resources())
    switch output.format {
    case .md: try output.print(predictions)
    case .json: try predictions.write(as: .json) { try Terminal.offer($0) }
    case .csv, nil: try predictions.write(as: .csv) { try Terminal.offer($0) }
    }
  }
}

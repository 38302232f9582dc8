import ArgumentParser
import Lab
import LabFormats

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Apply a run to new data, or to a split of its own.",
    discussion: """
      Reads the file as the run read its own, by what is stored with the run: the same columns, in \
      any order, scaled alike; the target may be missing. Prints CSV with a row for each sample, or \
      for each time step where each has an output: the sample's name or number, the time step, \
      every output, the prediction, and the target where it is known. Of windows it names the \
      series and `step`, the row that follows the window, counted from 0. Without a file the run's \
      test data are taken, else its validation data, else its training data.

      With --forecast, for runs that read windows: the rows that follow the end of each series, one \
      a step, in the data's own units: `step` goes on behind the last one.

      Examples:
        lstm-lab predict walks tomorrow.csv > predicted.csv
        lstm-lab predict 1@2 --split train
        lstm-lab predict sales now.csv --forecast --label month
      """)

  @OptionGroup var reference: EpochArgument
  @OptionGroup var samples: SampleOptions

  @Flag(help: "Tell what follows the end of each series.")
  var forecast = false

  @Option(
    help: ArgumentHelp(
      "Show this column's text in the last row of each window or series, as `origin`.",
      valueName: "column"))
  var label: String?

  @OptionGroup var resources: ThreadOption
  @OptionGroup var data: DataOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: TableOptions

  func run() throws {
    let laboratory = database.laboratory(data)
    if forecast {
      let answer = try laboratory.forecast(
        reference.text, samples.file, split: samples.split, label: label,
        resources: resources.resources())
      return try output.format == nil ? Terminal.write(answer.csv()) : output.print(answer)
    }
    let predictions = try laboratory.predict(
      reference.text, samples.file, split: samples.split, label: label,
      resources: resources.resources())
    switch output.format {
    case .md: try output.print(predictions)
    case .json: try predictions.write(as: .json) { try Terminal.offer($0) }
    case .csv, nil: try predictions.write(as: .csv) { try Terminal.offer($0) }
    }
  }
}

import ArgumentParser
import Lab

struct InterpolateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interpolate",
    abstract: "Measure the loss along the straight line between two states of a model.",
    discussion: """
      The two may be epochs of one run, of a run and its fork, or of two seeds. `alpha` is 0 at the \
      first and 1 at the second; both ends have the bits of their epochs. The barrier is how far the \
      loss, and the error, rise above the mean of the ends: near 0 where both lie in one valley. \
      Measured with the first run's test data, else its validation data, else its training data, or \
      with a file. See docs/insight.md.

      Examples:
        lstm-lab interpolate 1@1 1@last
        lstm-lab interpolate 1 2 --split train --points 41 --csv
      """)

  @Argument(help: ArgumentHelp("The first state, RUN@EPOCH.", valueName: "a"), completion: .run)
  var a: String

  @Argument(help: ArgumentHelp("The second state, RUN@EPOCH.", valueName: "b"), completion: .run)
  var b: String

  @OptionGroup var samples: SampleOptions

  @Option(help: ArgumentHelp("Measure n places, both ends among them.", valueName: "n"))
  var points = 21

  @OptionGroup var resources: ThreadOption
  @OptionGroup var data: DataOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: TableOptions

  func validate() throws {
    guard (2...10_001).contains(points) else {
      throw ValidationError("--points is \(points); allowed: 2 to 10001")
    }
  }

  func run() throws {
    try output.print(
      try database.laboratory(data).interpolation(
        a, b, samples.file, split: samples.split, points: points, resources: resources.resources()))
  }
}

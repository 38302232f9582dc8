import ArgumentParser
import Lab

struct TrajectoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trajectory",
    abstract: "Follow the weights through training: how far, how straight, along which directions.",
    discussion: """
      Each stored epoch's weights are a point. `pc1`, `pc2`, … are its coordinates along the principal \
      components of all of them, `from_start` and `to_end` its distances from the run's first and last \
      one, `way` the length of the way so far, `angle` that between the steps before and after it, in \
      degrees. By layer and gate: the length of the way, the distance between its ends, and the one \
      divided by the other, 1 for a straight line. Runs from one start are seen in one picture. \
      --surface measures the loss around the way, on n by n places of the plane of pc1 and pc2. See \
      docs/insight.md.

      Examples:
        lstm-lab trajectory 1
        lstm-lab trajectory 1 2 3 --csv > ways.csv
        lstm-lab trajectory 1 --surface 41 --json > surface.json
      """)

  @Argument(
    help: ArgumentHelp("The runs, each as a whole.", valueName: "run"), completion: .run)
  var runs: [String]

  @Option(help: ArgumentHelp("Measure the loss on n by n places around the way.", valueName: "n"))
  var surface: Int?

  @Option(
    help: "The samples that --surface measures with: train (the default), validation or test.",
    completion: .list(["train", "validation", "test"]))
  var split: String?

  @OptionGroup var resources: ThreadOption
  @OptionGroup var data: DataOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: TableOptions

  func validate() throws {
    if runs.count > 20 { throw ValidationError("\(runs.count) runs are named; allowed: 1 to 20") }
    if let surface, !(2...201).contains(surface) {
      throw ValidationError("--surface is \(surface); allowed: 2 to 201")
    }
    if split != nil, surface == nil { throw ValidationError("--split is for --surface: add it") }
  }

  func run() throws {
    try output.print(
      try database.laboratory(data).trajectory(
        runs, surface: surface, split: split, resources: resources.resources()))
  }
}

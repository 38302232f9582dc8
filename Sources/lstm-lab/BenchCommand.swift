import ArgumentParser
import Lab

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Time a training step, or recording and reading back.",
    discussion: """
      A step is forward, back-propagation through time and Adam on random data: recurrent layers, \
      the last step of the last one into a dense layer. It prints the median; GFLOP/s as \
      2·GH(I+H)·T·B·3 a layer, where G is 4 for lstm, 3 for gru and 1 for simple_rnn; and the ratio of what is executed to the rate of the machine's own \
      matrix product. With --store a model of that size is recorded instead, as fast as it can be.
      """)

  /// The name of a kind of cells.
  struct Cell: ExpressibleByArgument {
    var name = "lstm"

    init() {}
    init?(argument: String) {
      guard StepBench.cellNames.contains(argument) else { return nil }
      name = argument
    }

    var defaultValueDescription: String { name }
    static var allValueStrings: [String] { StepBench.cellNames }
  }

  @Option(help: ArgumentHelp("Features of a time step.", valueName: "n"))
  var input = 64

  @Option(help: ArgumentHelp("Units of a layer.", valueName: "n"))
  var units = 128

  @Option(help: ArgumentHelp("Time steps of a sequence.", valueName: "n"))
  var steps = 100

  @Option(help: ArgumentHelp("Sequences of a batch.", valueName: "n"))
  var batch = 64

  @Option(help: ArgumentHelp("Recurrent layers.", valueName: "n"))
  var layers = 1

  @Option(help: ArgumentHelp("Outputs of the dense layer.", valueName: "n"))
  var outputs = 10

  @Option(help: "The recurrent layers' kind.")
  var cell = Cell()

  @Option(
    help: ArgumentHelp(
      "The most threads to use, by default one a processor; small work takes one.", valueName: "n"))
  var threads: Int?

  @Option(help: ArgumentHelp("How long to time steps.", valueName: "s"))
  var seconds = 2.0

  @Flag(help: "Time recording and reading back instead of steps.")
  var store = false

  @Option(help: ArgumentHelp("Epochs to record with --store.", valueName: "n"))
  var epochs = 200

  @OptionGroup var output: TableOptions

  func validate() throws {
    let sizes = [
      ("input", input), ("units", units), ("steps", steps), ("batch", batch), ("layers", layers),
      ("outputs", outputs), ("epochs", epochs),
    ]
    for (name, size) in sizes where !(1...1_000_000).contains(size) {
      throw ValidationError("--\(name) is \(size); allowed: 1 to 1000000")
    }
    if let threads, !(1...256).contains(threads) {
      throw ValidationError("--threads is \(threads); allowed: 1 to 256")
    }
    guard (0...3600).contains(seconds) else {
      throw ValidationError("--seconds is \(seconds); allowed: 0 to 3600")
    }
  }

  func run() throws {
    try output.print(store ? storeBench.run() : stepBench.run(resources()))
  }

  private func resources() throws -> TrainingSession.Resources {
    var options = TrainingOptions()
    options.threads = threads
    return try options.resources()
  }

  private var stepBench: StepBench {
    var bench = StepBench(cell: cell.name)
    bench.input = input
    bench.units = units
    bench.steps = steps
    bench.batch = batch
    bench.layers = layers
    bench.outputs = outputs
    bench.seconds = seconds
    return bench
  }

  private var storeBench: StoreBench {
    var bench = StoreBench()
    bench.input = input
    bench.units = units
    bench.layers = layers
    bench.outputs = outputs
    bench.epochs = epochs
    return bench
  }
}

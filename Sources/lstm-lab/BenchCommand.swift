import ArgumentParser
import Lab

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Time an optimizer step, or storing and reading back.",
    discussion: """
      The step is forward, back-propagation through time and Adam, on random data: recurrent \
      layers, and a dense layer that reads the last time step of the last one. Printed are the \
      median time; the rate in GFLOP/s, counted as 2·GH(I+H)·T·B·3 for each layer, where G is 4 for \
      lstm, 3 for gru and 1 for simple_rnn; and how the rate of what is executed compares with \
      that of a matrix product on this machine. With --store, epochs of a model of that size are \
      stored as fast as possible, and read back, instead.

      Examples:
        lstm-lab bench --units 256 --layers 2
        lstm-lab bench --cell gru --threads 1 --seconds 1
        lstm-lab bench --store --epochs 500
      """)

  @Option(help: ArgumentHelp("Features of each time step.", valueName: "n"))
  var input = 64

  @Option(help: ArgumentHelp("Units of each recurrent layer.", valueName: "n"))
  var units = 128

  @Option(help: ArgumentHelp("Time steps of each sequence.", valueName: "n"))
  var steps = 100

  @Option(help: ArgumentHelp("Samples in a batch.", valueName: "n"))
  var batch = 64

  @Option(help: ArgumentHelp("Number of recurrent layers.", valueName: "n"))
  var layers = 1

  @Option(help: ArgumentHelp("Outputs of the dense layer.", valueName: "n"))
  var outputs = 10

  @Option(
    help: "The cell of the recurrent layers: lstm, gru or simple_rnn.",
    completion: .list(StepBench.cellNames))
  var cell = "lstm"

  @Option(
    help: ArgumentHelp(
      "Use at most n threads; by default one for each processor. Small work takes one.",
      valueName: "n"))
  var threads: Int?

  @Option(help: ArgumentHelp("Time steps for this many seconds.", valueName: "s"))
  var seconds = 2.0

  @Flag(help: "Time storing and reading back instead of steps.")
  var store = false

  @Option(help: ArgumentHelp("Epochs to store with --store.", valueName: "n"))
  var epochs = 200

  @OptionGroup var output: TableOptions

  func validate() throws {
    try ParserMessage.require(cell, among: StepBench.cellNames, option: "--cell")
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
    var bench = StepBench(cell: cell)
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

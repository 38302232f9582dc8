import ArgumentParser
import Foundation
import Lab
import LabFormats

/// Which database a command works on.
struct DatabaseOption: ParsableArguments {
  @Option(
    name: .customLong("db"),
    help: ArgumentHelp(
      "The database; by default $LSTM_LAB_DB, else lab.db.", valueName: "path"),
    completion: .file())
  var path: String?

  var laboratory: Laboratory { laboratory() }

  /// The database's runs, with data that may lie in the folder that an option names.
  func laboratory(_ data: DataOption? = nil) -> Laboratory {
    Laboratory(
      path: Self.path(named: path), isNamed: path != nil, dataFolder: data?.folder,
      resources: { try TrainingOptions.ofEnvironment() }, tell: { Terminal.say($0) })
  }

  /// The path of the database where the command line names this one, or none.
  static func path(named path: String?) -> String {
    let environment = ProcessInfo.processInfo.environment["LSTM_LAB_DB"].flatMap {
      $0.isEmpty ? nil : $0
    }
    return path ?? environment ?? "lab.db"
  }
}

/// Where the data of a stored run lie that were moved.
struct DataOption: ParsableArguments {
  @Option(
    name: .customLong("data"),
    help: ArgumentHelp(
      "Look for the run's data here too, after their old folder and the database's.",
      valueName: "dir"), completion: .directory)
  var folder: String?
}

/// The epoch that a training stops at before its last one.
struct StopOption: ParsableArguments {
  @Option(
    name: .customLong("stop-at"),
    help: ArgumentHelp(
      "Stop after this epoch for now; `resume` goes on to the last, to the same bits.",
      valueName: "n"))
  var epoch: Int?

  func validate() throws {
    if let epoch, !(0...1_000_000_000).contains(epoch) {
      throw ValidationError("--stop-at is \(epoch); allowed: 0 to 1000000000")
    }
  }
}

/// The run that a command takes.
struct RunArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "The run: its number, its name, the beginning of its uuid, @last or @best.",
      valueName: "run"),
    completion: .run)
  var text: String
}

/// The condition that runs meet which a command takes.
struct ConditionOption: ParsableArguments {
  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "Only runs that meet a condition, as `compare` takes it.", valueName: "condition"))
  var text: String?
}

/// The run, and perhaps its epoch, that a command looks into.
struct EpochArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "The run and its epoch, RUN@EPOCH; without an epoch, its result.", valueName: "run"),
    completion: .run)
  var text: String
}

/// Which weights of a model are meant.
struct SelectionOptions: ParsableArguments {
  @Option(help: "Only weights of this layer.")
  var layer: String?

  @Option(
    help:
      "Only weights of this gate: input, forget, cell (or candidate), output; update, reset, candidate.",
    completion: .list(["input", "forget", "cell", "candidate", "output", "update", "reset"]))
  var gate: String?

  @Option(help: ArgumentHelp("Only weights that lead to this unit.", valueName: "n"))
  var unit: Int?

  @Option(
    help: ArgumentHelp(
      "Only weights that lead to these units, such as 0..9 or 3,7.", valueName: "list"))
  var units: String?

  @Option(help: "Only weights of this source: x0, x1, …, h0, …, or bias.")
  var source: String?

  /// Whether less than whole units is meant.
  var isWithinUnit: Bool { gate != nil || source != nil }

  func validate() throws {
    if unit != nil, units != nil {
      throw ValidationError("name the units once: with --unit or with --units")
    }
  }

  /// The units that are meant; nil for all.
  func ranges() throws -> IndexRanges? {
    try (unit.map(String.init) ?? units).map {
      try IndexRanges($0, option: unit == nil ? "--units" : "--unit")
    }
  }

  /// The selection, within the tensors and weights that paths name where there are any.
  func selection(paths: [String]) throws -> WeightSelection {
    var selection = WeightSelection()
    selection.paths = paths
    selection.layer = layer
    selection.gate = gate
    selection.units = try ranges()
    selection.source = source
    return selection
  }
}

/// Which part of data and model a command looks at.
struct PartOptions: ParsableArguments {
  @Option(
    help: "The split: train (the default), validation or test.",
    completion: .list(["train", "validation", "test"]))
  var split: String?

  @Option(help: "Only this recurrent layer.")
  var layer: String?
}

/// How many threads compute what is not trained; it changes no bit.
struct ThreadOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Use at most n threads; by default one for each processor. Small work takes one.",
      valueName: "n"))
  var threads: Int?

  func validate() throws { try TrainingOptions.require(threads: threads) }

  func resources() throws -> TrainingSession.Resources {
    try TrainingOptions.resources(threads: threads)
  }
}

/// How a training session works; nothing of it changes a bit of the result.
struct TrainingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Use at most n threads; by default one for each processor. Small work takes one.",
      valueName: "n"))
  var threads: Int?

  @Flag(name: .shortAndLong, help: "Print nothing but warnings and errors.")
  var quiet = false

  func validate() throws { try Self.require(threads: threads) }

  /// Refuses a number of threads that nobody needs.
  static func require(threads: Int?) throws {
    guard let threads else { return }
    guard (1...256).contains(threads) else {
      throw ValidationError("--threads is \(threads); allowed: 1 to 256")
    }
  }

  /// As many threads as the work is worth, with the instruction set that the environment asks for.
  static func ofEnvironment() throws -> TrainingSession.Resources {
    try TrainingSession.Resources(level: ProcessInfo.processInfo.environment["LSTM_LAB_ISA"])
  }

  func resources() throws -> TrainingSession.Resources {
    try Self.resources(threads: threads)
  }

  /// At most so many threads, with the instruction set that the environment asks for.
  static func resources(threads: Int?) throws -> TrainingSession.Resources {
    try TrainingSession.Resources(
      threads: threads, level: ProcessInfo.processInfo.environment["LSTM_LAB_ISA"])
  }
}

/// In which form an answer is printed.
struct TableOptions: ParsableArguments {
  enum Format: String, EnumerableFlag {
    case json, csv, md

    static func help(for format: Format) -> ArgumentHelp? {
      switch format {
      case .json: "Print JSON."
      case .csv: "Print CSV (RFC 4180)."
      case .md: "Print a Markdown table."
      }
    }
  }

  @Flag(exclusivity: .exclusive)
  var format: Format?

  func print(_ answer: any Answer) throws {
    switch format {
    case .json: try Terminal.write(answer.json())
    case .csv: try Terminal.write(answer.csv())
    case .md: try Terminal.write(answer.markdown())
    case nil: try Terminal.write(answer.text(on: Terminal.screen))
    }
  }
}

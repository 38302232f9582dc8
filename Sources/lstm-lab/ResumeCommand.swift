import ArgumentParser
import Lab

struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Go on with a run from its last stored state, or fork a new run from an epoch.",
    discussion: """
      A resumed run ends in the same bits as one that was never stopped. With --from, a new run \
      starts from the state of that epoch and remembers its parent; --set changes settings of its \
      training.

      With --new-data the new run goes on with other data, which --set names: data.train.csv=FILE, \
      data.validation, data.test, …. They are read as the run's own were: the same features, classes and \
      categories, scaled and filled alike, by the numbers that are stored.

      Examples:
        lstm-lab resume @last --stop-at 50
        lstm-lab resume 3 --from 40 --set training.optimizer.learning_rate=0.001
        lstm-lab resume 3 --from 40 --set data.train.csv=new.csv --new-data
      """)

  @OptionGroup var reference: RunArgument

  @Option(
    help: ArgumentHelp(
      "Train up to this epoch instead of the one in the configuration.", valueName: "n"))
  var epochs: Int?

  @Option(help: ArgumentHelp("Fork a new run from this epoch.", valueName: "epoch"))
  var from: Int?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Change a setting of the fork's training, or with --new-data its data.",
      valueName: "setting=value"))
  var changes: [String] = []

  @Flag(help: "Let the fork go on with other data, read as the run's own were.")
  var newData = false

  @OptionGroup var stop: StopOption
  @OptionGroup var data: DataOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var training: TrainingOptions

  func validate() throws {
    if let epochs, !(0...1_000_000_000).contains(epochs) {
      throw ValidationError("--epochs is \(epochs); allowed: 0 to 1000000000")
    }
    if let from, from < 0 { throw ValidationError("--from is \(from); epochs count from 0") }
    if from == nil, !changes.isEmpty {
      throw ValidationError("--set changes a fork; add --from EPOCH")
    }
    if from == nil, newData {
      throw ValidationError("--new-data is for a fork; add --from EPOCH")
    }
  }

  func run() throws {
    let laboratory = database.laboratory(data)
    if let from {
      let session = try laboratory.fork(
        reference.text, from: from, epochs: epochs,
        changing: changes.map { try ConfigSetting($0) }, hasNewData: newData,
        upTo: stop.epoch, resources: training.resources())
      return try TrainingDisplay(
        session, laboratory, isQuiet: training.quiet, stop: stop.epoch
      ).train()
    }
    let session = try laboratory.resume(
      reference.text, epochs: epochs, upTo: stop.epoch, resources: training.resources())
    guard let session else {
      let run = try laboratory.runID(reference.text)
      Terminal.say(
        "Run \(run) is complete. To train it further: "
          + "lstm-lab resume \(run) --epochs N\(laboratory.option)")
      return try Terminal.write("\(run)\n")
    }
    try TrainingDisplay(session, laboratory, isQuiet: training.quiet, stop: stop.epoch).train()
  }
}

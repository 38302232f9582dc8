import ArgumentParser
import Lab

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show one run: its facts, Keras's summary of the model, and its epochs.",
    discussion: """
      Where predictions for test data are stored, else for validation data, two lines tell what the \
      result makes of them: how many of each class are right and what others were taken for, or how \
      far numbers are off.

      --csv and --md print the epochs; --json prints everything. --follow prints each epoch of a \
      run that another process is training, and how the run ended. With --where all runs are shown \
      that meet the condition, in the order of their numbers; --json then prints a list.

      Examples:
        lstm-lab show @last
        lstm-lab show @last --follow
        lstm-lab show --where 'status = diverged'
      """)

  @Argument(
    help: ArgumentHelp(
      "The run: its number, its name, the beginning of its uuid, @last or @best.",
      valueName: "run"),
    completion: .run)
  var reference: String?

  @OptionGroup var condition: ConditionOption

  @Flag(help: "Print every epoch instead of the last ten.")
  var all = false

  @Flag(help: "Follow the run until it ends; Ctrl-C ends the following alone.")
  var follow = false

  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: TableOptions

  func validate() throws {
    guard reference != nil || condition.text != nil else {
      throw ValidationError("name a run, or a condition: --where 'status = diverged'")
    }
    if follow, condition.text != nil {
      throw ValidationError("--follow takes a run, and no condition")
    }
    if follow, output.format != nil {
      throw ValidationError("--follow prints lines of text: leave out --json, --csv and --md")
    }
  }

  func run() throws {
    let laboratory = database.laboratory
    if condition.text != nil {
      let choice = RunChoice(runs: reference.map { [$0] } ?? [], condition: condition.text)
      return try output.print(laboratory.show(choice, allEpochs: all))
    }
    guard let reference else { return }
    if follow {
      var display = FollowDisplay()
      return try display.follow(reference, all: all, in: laboratory)
    }
    var report = try laboratory.show(reference)
    report.showsAllEpochs = all
    try output.print(report)
  }
}

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
      run that another process is training, and how the run ended.

      Examples:
        lstm-lab show @last
        lstm-lab show 3 --json
        lstm-lab show @last --follow
      """)

  @OptionGroup var reference: RunArgument

  @Flag(help: "Print every epoch instead of the last ten.")
  var all = false

  @Flag(help: "Follow the run until it ends; Ctrl-C ends the following alone.")
  var follow = false

  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: TableOptions

  func validate() throws {
    if follow, output.format != nil {
      throw ValidationError("--follow prints lines of text: leave out --json, --csv and --md")
    }
  }

  func run() throws {
    if follow {
      var display = FollowDisplay()
      return try display.follow(reference.text, all: all, in: database.laboratory)
    }
    var report = try database.laboratory.show(reference.text)
    report.showsAllEpochs = all
    try output.print(report)
  }
}

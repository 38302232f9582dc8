import ArgumentParser
import Lab

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show one run: its facts, Keras's summary table, and its epochs.",
    discussion: "--csv and --md print the epochs; --json prints everything.")

  @OptionGroup var reference: RunArgument

  @Flag(help: "Print every epoch instead of the last ten.")
  var all = false

  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: TableOptions

  func run() throws {
    var report = try database.laboratory.show(reference.text)
    report.showsAllEpochs = all
    try output.print(report)
  }
}

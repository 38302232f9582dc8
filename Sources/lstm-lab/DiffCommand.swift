import ArgumentParser
import Lab

struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare the weights of two epochs, of one run or of two.",
    discussion: """
      The exit code is 1 if any bit differs, and 0 if none does. --csv prints the weights that \
      moved most; --json and --md also print the norms of each gate.

      Examples:
        lstm-lab diff 1@50 1@100
        lstm-lab diff 1@best 2@best --top 20
      """)

  @Argument(help: ArgumentHelp("The first epoch, RUN@EPOCH.", valueName: "a"), completion: .run)
  var a: String

  @Argument(help: ArgumentHelp("The second epoch, RUN@EPOCH.", valueName: "b"), completion: .run)
  var b: String

  @Option(help: ArgumentHelp("Show at most n weights.", valueName: "n"))
  var top = 10

  @OptionGroup var data: DataOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: TableOptions

  func validate() throws {
    if top < 0 { throw ValidationError("--top is \(top); allowed: 0 or more") }
  }

  func run() throws {
    var difference = try database.laboratory(data).difference(a, b)
    difference.top = top
    try output.print(difference)
    if difference.isDifferent { throw ExitCode(1) }
  }
}

import ArgumentParser
import Lab
import LabFormats

struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Run one read-only SQL statement on the database.",
    discussion: """
      The public views are runs, epochs, metrics, settings, tensors, weights, gate_stats, \
      activations, predictions, data_parts, classes, features, targets and sweeps. The sqlite3 \
      shell gives the same answers.

      Examples:
        lstm-lab query "SELECT run_id, name, val_loss FROM runs ORDER BY val_loss"
        lstm-lab query "SELECT epoch, loss FROM epochs WHERE run_id = 1" --csv
      """)

  @Argument(help: "The statement.")
  var sql: String

  @Option(
    help: ArgumentHelp("The most memory that the query may take, in MB.", valueName: "mb"))
  var memory = 800

  @Option(
    help: ArgumentHelp(
      "The longest that the query may take for each row of its answer.", valueName: "seconds"))
  var seconds = 60

  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: TableOptions

  func validate() throws {
    guard (16...1 << 20).contains(memory) else {
      throw ValidationError("--memory is \(memory); allowed: 16 to 1048576")
    }
    guard (1...1_000_000).contains(seconds) else {
      throw ValidationError("--seconds is from 1 to 1000000")
    }
  }

  func run() throws {
    let bytes = memory << 20
    let form: TableStream.Form
    switch output.format {
    case .csv: form = .csv
    case .json: form = .json
    case .md, nil:
      return try output.print(database.laboratory.query(sql, memory: bytes, seconds: seconds))
    }
    try database.laboratory.query(sql, memory: bytes, seconds: seconds, as: form) {
      try Terminal.offer($0)
    }
  }
}

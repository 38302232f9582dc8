import ArgumentParser
import Foundation
import Lab
import LabFormats

struct RecordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Record the training of another program: Keras, PyTorch, anything.",
    discussion: """
      The Python package lstm_lab starts this command and writes a stream to it, epoch by epoch; \
      docs/record.md says how, and what a stream is, for programs in other languages. Each epoch \
      is stored whole. Where the stream ends without a word, the run is `interrupted`.

      With FILE it takes in a stream that a training wrote to a file, because the program was \
      missing or the disk was full. The run's uuid makes that safe to repeat: what is stored is \
      compared by its hash, what is missing is added, and a stream that differs is refused.

      On standard output it answers with a line of JSON for the run's number and one for each \
      transaction. Exit codes: 0; 64 for bad arguments; 65 for a bad stream; 74 where the database \
      cannot be written; 75 where it is busy.

      Examples:
        lstm-lab record walks.labstream
        lstm-lab record walks.labstream --db results.db
      """)

  @Argument(
    help: "A stream that was written to a file; by default the one on standard input.",
    completion: .file(extensions: ["labstream"]))
  var file: String?

  @OptionGroup var database: DatabaseOption

  @Flag(name: .shortAndLong, help: "Say nothing on standard error but what goes wrong.")
  var quiet = false

  func run() throws {
    if file == nil, isatty(STDIN_FILENO) == 1 {
      throw LabError(
        .usage, "there is no stream on standard input", where: "record",
        next:
          "name a file: lstm-lab record FILE.labstream; or let a training start this: see docs/record.md"
      )
    }
    Interruption.listen()
    let shouldStop = { Interruption.signal != nil }
    let stream =
      try file.map { try ByteStream(path: $0, until: shouldStop) }
      ?? ByteStream(standardInputUntil: shouldStop)
    let isQuiet = quiet
    let recorded = try database.laboratory.record(stream) { answer in
      // A training that went away reads no answers; its run goes on to its end.
      _ = try? Terminal.write(answer.line + "\n")
    }
    if !isQuiet {
      Terminal.say(
        "Run \(recorded.run): \(recorded.outcome), stored to epoch \(recorded.epochs).")
    }
  }
}

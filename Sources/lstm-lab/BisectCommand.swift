import ArgumentParser
import Foundation
import Lab

struct BisectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bisect",
    abstract: "Find the first epoch at which a command fails on the weights.",
    discussion: """
      The command is a line for /bin/sh. $1 and $LSTM_LAB_WEIGHTS are the path of the epoch's \
      weights, a .safetensors file; $LSTM_LAB_RUN and $LSTM_LAB_EPOCH name the epoch. The command \
      ends with 0 if the epoch is good, with 125 if it cannot be tested, and with anything else \
      if it is bad; what it prints goes to standard error. The first stored epoch of the run \
      must be good, and its result (or RUN@EPOCH) bad. The first bad epoch is printed; the exit \
      code is 1 if there is none to find.

      Examples:
        lstm-lab bisect 1 --test 'python3 is_good.py "$1"'
        lstm-lab bisect 1@80 --test './check.sh "$LSTM_LAB_WEIGHTS"'
      """)

  @OptionGroup var reference: EpochArgument

  @Option(help: ArgumentHelp("The command that tests an epoch.", valueName: "command"))
  var test: String

  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: TableOptions

  func run() throws {
    Interruption.note()
    let found = try database.laboratory.bisect(
      reference.text, command: test,
      report: { Terminal.say("epoch \($0): \($1.rawValue)") },
      shouldStop: { Interruption.signal != nil })
    guard let bisection = found else {
      Terminal.say("Stopped: the run is as it was. The same command starts over.")
      throw ExitCode(128 + (Interruption.signal ?? SIGINT))
    }
    try output.print(bisection)
    if !bisection.hasFound { throw ExitCode(1) }
  }
}

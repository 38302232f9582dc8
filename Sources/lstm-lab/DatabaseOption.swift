import ArgumentParser
import Foundation
import Lab

/// Which database a command works on.
struct DatabaseOption: ParsableArguments {
  @Option(
    name: .customLong("db"),
    help: ArgumentHelp(
      "The database; $LSTM_LAB_DB where it is not given, else lab.db.", valueName: "path"))
  var path: String?

  var laboratory: Laboratory {
    let environment = ProcessInfo.processInfo.environment["LSTM_LAB_DB"].flatMap {
      $0.isEmpty ? nil : $0
    }
    return Laboratory(path: path ?? environment ?? "lab.db", isNamed: path != nil)
  }
}

import ArgumentParser
import Foundation
import Lab

/// Which database a command works on.
struct DatabaseOption: ParsableArguments {
  @Option(
    name: .customLong("db"),
    help: ArgumentHelp(
      "The database; $LSTM_LAB_DB where it is not given, else lab.db.", valueName: "path"),
    completion: .file())
  var path: String?

  var laboratory: Laboratory {
    Laboratory(path: Self.path(named: path), isNamed: path != nil) { Terminal.say($0) }
  }

  /// The path of the database where the command line names this one, or none.
  static func path(named path: String?) -> String {
    let environment = ProcessInfo.processInfo.environment["LSTM_LAB_DB"].flatMap {
      $0.isEmpty ? nil : $0
    }
    return path ?? environment ?? "lab.db"
  }
}

import ArgumentParser
import Foundation
import Lab

/// How a training session works; nothing of it changes a bit of the result.
struct TrainingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The most threads to use, by default one a processor; small work takes one.", valueName: "n"))
  var threads: Int?

  @Flag(name: .shortAndLong, help: "Print nothing but warnings and errors.")
  var quiet = false

  func validate() throws {
    guard let threads else { return }
    guard (1...256).contains(threads) else {
      throw ValidationError("--threads is \(threads); allowed: 1 to 256")
    }
  }

  /// As many threads as the work is worth, with the instruction set that the environment asks for.
  static func ofEnvironment() throws -> TrainingSession.Resources {
    try TrainingSession.Resources(level: ProcessInfo.processInfo.environment["LSTM_LAB_ISA"])
  }

  func resources() throws -> TrainingSession.Resources {
    try TrainingSession.Resources(
      threads: threads, level: ProcessInfo.processInfo.environment["LSTM_LAB_ISA"])
  }
}

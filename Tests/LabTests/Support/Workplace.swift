import Foundation
import Testing

/// A folder of its own for one test, with the programs that work in it.
final class Workplace: Sendable {
  let path: String

  /// Makes a fresh folder; it is removed with the value.
  init() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "lstm-lab-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.resolvingSymlinksInPath().path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(filePath: file(name)))
  }

  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: URL(filePath: file(name)))
  }

  func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: file(name))))
  }

  /// A file's text without the last line break.
  func text(_ name: String) throws -> String {
    String(String(decoding: try bytes(name), as: UTF8.self).trimmingSuffix("\n"))
  }

  /// The names of the folder's files, sorted.
  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }

  /// Writes a configuration and returns its name.
  @discardableResult
  func write(_ trial: Trial, to name: String = "config.json") throws -> String {
    try write(trial.json, to: name)
    return name
  }

  /// Runs `lstm-lab` and returns what it did.
  func run(
    _ arguments: String..., environment: [String: String] = [:]
  ) throws -> Program.Outcome {
    try Program.run(Program.path, arguments, in: path, environment: environment)
  }

  /// Runs `lstm-lab`, which must succeed, and returns its standard output without the last line
  /// break.
  @discardableResult
  func lab(_ arguments: String..., environment: [String: String] = [:]) throws -> String {
    try output(Program.path, arguments, environment: environment)
  }

  /// Asks the stock `sqlite3` shell; a line a row, `|` between columns.
  func sqlite(_ sql: String, database: String = "lab.db") throws -> String {
    let outcome = try Program.run(
      "/usr/bin/env", ["sqlite3", "-batch", "-bail", "-init", "/dev/null", database], in: path,
      input: sql)
    guard outcome.status == 0, outcome.errors.isEmpty else {
      throw Program.Failure(description: "sqlite3: \(outcome.errors)")
    }
    return String(outcome.output.trimmingSuffix("\n"))
  }

  /// Runs a shell script in which `$LAB` is the binary.
  func shell(_ script: String, environment: [String: String] = [:]) throws -> Program.Outcome {
    try Program.run(
      "/bin/sh", ["-c", script], in: path,
      environment: environment.merging(["LAB": Program.path]) { $1 })
  }

  /// Whether util-linux's `script` is here, which makes a terminal for a program.
  static let hasScript: Bool = {
    let outcome = try? Workplace().shell("script -qec true /dev/null < /dev/null")
    return outcome?.status == 0
  }()

  /// Runs a program that must succeed and returns its standard output.
  @discardableResult
  func output(
    _ executable: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> String {
    let outcome = try Program.run(executable, arguments, in: path, environment: environment)
    guard outcome.status == 0 else {
      throw Program.Failure(
        description: "\(arguments.joined(separator: " ")) ended with \(outcome.status): "
          + outcome.errors)
    }
    return String(outcome.output.trimmingSuffix("\n"))
  }
}

extension String {
  fileprivate func trimmingSuffix(_ character: Character) -> Substring {
    last == character ? dropLast() : self[...]
  }
}

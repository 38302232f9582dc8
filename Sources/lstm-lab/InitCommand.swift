import ArgumentParser
import Lab
import LabFormats

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write an example configuration to start from.",
    discussion: """
      An existing file is never replaced.

      Examples:
        lstm-lab init
        lstm-lab init walks.json
      """)

  @Argument(help: "The file to write.", completion: .file())
  var path = "config.json"

  func run() throws {
    try ExampleConfig.write(to: path)
    let word = ShellWord.quoted(path)
    Terminal.say("Wrote \(path). Next: lstm-lab check \(word), then lstm-lab run \(word)")
  }
}

import ArgumentParser
import LabFormats

/// The first word of the command line, where it names no command.
enum CommandName {
  /// What other programs call a command, with ours.
  private static let others: KeyValuePairs<String, String> = [
    "train": "run", "fit": "run", "start": "run", "new": "init", "create": "init",
    "continue": "resume", "fork": "resume", "ls": "runs", "list": "runs", "log": "show",
    "summary": "show", "plot": "report", "sql": "query", "validate": "check", "test": "evaluate",
    "score": "evaluate", "infer": "predict",
    "ver": "--version",
  ]

  /// Refuses a first word that is no command, with the one that may have been meant.
  static func require(_ word: String?, of root: any ParsableCommand.Type) throws(LabError) {
    guard let word, !word.hasPrefix("-") else { return }
    let commands = root.configuration.subcommands.map { $0.configuration }
    if commands.contains(where: { $0.commandName == word }) || word == "help" { return }
    let known = commands.filter { $0.shouldDisplay }.compactMap { $0.commandName } + ["help"]
    throw LabError(
      .usage, "there is no command `\(Visible.line(word))`",
      next: advice(for: word.lowercased(), among: known) + "all commands: lstm-lab --help")
  }

  private static func advice(for word: String, among known: [String]) -> String {
    let meant =
      others.first { $0.key == word }?.value
      ?? Suggestion.nearest(to: word, among: known + ["version"])
    guard let meant else { return "" }
    return "did you mean `lstm-lab \(meant == "version" ? "--version" : meant)`? "
  }
}

import ArgumentParser
import Lab
import LabFormats

struct BackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copy the database to a file, while runs go on.",
    discussion: """
      The copy is the database as it is at one moment: whole, checked, and on disk when the command \
      ends. A run that is being trained has in it the epochs that were stored by then. A file that \
      is there is never replaced.

      Examples:
        lstm-lab backup lab-monday.db
        lstm-lab backup /media/stick/lab.db --db results.db
      """)

  @Argument(help: "The file to make.", completion: .file())
  var file: String

  @OptionGroup var database: DatabaseOption

  func run() throws {
    let (runs, bytes) = try database.laboratory.backUp(to: file)
    Terminal.say(
      "Wrote \(Visible.line(file)): \(NumberText.count(runs)) run\(runs == 1 ? "" : "s"), "
        + NumberText.bytes(Double(bytes)) + ".")
  }
}

import ArgumentParser
import Lab

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Look whether everything in the database is as it was stored.",
    discussion: """
      It checks the pages of the file, the schema, the keys, and the hash of every whole state of \
      every run; it trains nothing, which `verify` does. It names runs that never ended, and what \
      killed processes have left beside the file. The exit code is 1 if anything is damaged.

      Examples:
        lstm-lab doctor
        lstm-lab doctor --fix --db results.db
      """)

  @Flag(help: "Remove what killed processes have left unfinished; nothing that is stored.")
  var fix = false

  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: TableOptions

  func run() throws {
    let checkup = try database.laboratory.checkup(fixes: fix)
    try output.print(checkup)
    if !checkup.isSound { throw ExitCode(1) }
  }
}

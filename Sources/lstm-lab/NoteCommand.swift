import ArgumentParser
import Lab

struct NoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "note", abstract: "Print the remarks on a run, or replace them.",
    discussion: """
      Without a text it prints them. An empty text takes them away.

      Examples:
        lstm-lab note @last
        lstm-lab note 3 'the data of May have two gaps'
      """)

  @OptionGroup var reference: RunArgument

  @Argument(help: "The new remarks.")
  var text: String?

  @OptionGroup var database: DatabaseOption

  func run() throws {
    let laboratory = database.laboratory
    if let text {
      let run = try laboratory.setNotes(text, of: reference.text)
      return Terminal.say(text.isEmpty ? "Run \(run) has no note." : "Run \(run) has a new note.")
    }
    if let notes = try laboratory.notes(of: reference.text) {
      try Terminal.write(notes.unicodeScalars.last == "\n" ? notes : notes + "\n")
    } else {
      Terminal.say("There is no note.")
    }
  }
}

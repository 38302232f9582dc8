import ArgumentParser
import Lab
import LabFormats

struct RenameCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rename", abstract: "Give a run another name.",
    discussion: """
      The configuration that is stored with the run keeps the name that it had.

      Examples:
        lstm-lab rename @last wide-lstm
        lstm-lab rename 3 'without dropout'
      """)

  @OptionGroup var reference: RunArgument

  @Argument(help: "The new name.")
  var name: String

  @OptionGroup var database: DatabaseOption

  func run() throws {
    let (run, before) = try database.laboratory.rename(reference.text, to: name)
    Terminal.say("Run \(run), which was \(Visible.line(before)), is now \(Visible.line(name)).")
  }
}

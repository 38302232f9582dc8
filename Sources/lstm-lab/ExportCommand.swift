import ArgumentParser
import Lab

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the weights of an epoch to a safetensors file, by Keras's names.",
    discussion: "The file can be the `initial_weights` of another configuration.")

  @Argument(
    help: ArgumentHelp(
      "The run and its epoch, RUN@EPOCH; the last epoch where none is named.", valueName: "run"))
  var reference: String

  @Argument(help: "The file to write, ending in .safetensors.")
  var path: String

  @OptionGroup var database: DatabaseOption

  func run() throws {
    let tensors = try database.laboratory.export(reference, to: path)
    Terminal.say("Wrote \(tensors) tensors to \(path)")
  }
}

import ArgumentParser
import Lab
import LabFormats

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the weights of an epoch to a file, or a run as TensorBoard's events.",
    discussion: """
      A .safetensors or .npz file by Keras's names can be the `initial_weights` of another \
      configuration. --names pytorch writes what load_state_dict takes of a module whose layers have \
      the same names (lstm.weight_ih_l0, gates i f g o; a GRU's r z n), --names onnx the inputs W, \
      R and B of ONNX's operators (gates i o f c; z r h with linear_before_reset).
      """)

  /// Whose names the tensors get.
  struct Names: ExpressibleByArgument {
    var names = TensorNames.keras

    init() {}
    init?(argument: String) {
      guard let names = TensorNames(rawValue: argument) else { return nil }
      self.names = names
    }

    var defaultValueDescription: String { names.rawValue }
    static var allValueStrings: [String] { TensorNames.allCases.map(\.rawValue) }
  }

  @OptionGroup var reference: EpochArgument

  @Argument(
    help: "The file to write, ending in .safetensors or .npz.",
    completion: .file(extensions: ["safetensors", "npz"]))
  var path: String?

  @Option(help: "Whose names, shapes and gate order.")
  var names = Names()

  @Option(
    help: ArgumentHelp(
      "Write the run's metrics and weight histograms for TensorBoard instead.", valueName: "dir"),
    completion: .directory)
  var tensorboard: String?

  @OptionGroup var database: DatabaseOption

  func validate() throws {
    guard (path == nil) != (tensorboard == nil) else {
      throw ValidationError("name either a file or --tensorboard DIR")
    }
  }

  func run() throws {
    if let tensorboard {
      let files = try database.laboratory.exportEvents(reference.text, to: tensorboard)
      Terminal.say("Wrote \(files.joined(separator: ", "))")
    } else if let path {
      let done = try database.laboratory.export(reference.text, to: path, names: names.names)
      Terminal.say("Wrote \(done.tensors) tensors to \(path)")
      for note in done.notes { Terminal.say("note: \(Visible.line(note))") }
    }
  }
}

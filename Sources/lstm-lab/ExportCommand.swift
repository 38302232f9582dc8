import ArgumentParser
import Lab
import LabFormats

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the weights of an epoch to a file, or runs as TensorBoard's events.",
    discussion: """
      A .safetensors or .npz file with Keras's or PyTorch's names can be the `initial_weights` of \
      another configuration. --names pytorch writes what load_state_dict takes for a module whose layers \
      have the same names (lstm.weight_ih_l0, gates i f g o; r z n for a GRU). --names onnx \
      writes the inputs W, R and B of ONNX's operators (gates i o f c; z r h with \
      linear_before_reset). An existing file is replaced only if it is of the same kind.

      --tensorboard DIR takes several runs. Each gets a folder of its own, DIR/RUN-NAME, with its \
      metrics and the histograms of its weights. A folder that has events already is refused.

      With --where alone the runs are those that meet the condition; a file takes one.

      Examples:
        lstm-lab export 1@best weights.safetensors
        lstm-lab export 1 model.npz --names pytorch
        lstm-lab export 1 2 3 --tensorboard events
      """)

  @Argument(
    help: ArgumentHelp(
      "The run and its epoch, RUN@EPOCH; without an epoch, its result.", valueName: "run"),
    completion: .run)
  var reference: String?

  @Argument(
    help: ArgumentHelp(
      "The file to write, which ends in .safetensors or .npz; with --tensorboard, more runs.",
      valueName: "path"),
    completion: .file(extensions: ["safetensors", "npz"]))
  var others: [String] = []

  @OptionGroup var condition: ConditionOption

  @Option(
    help: "Whose names, shapes and order of gates to write: keras, pytorch or onnx.",
    completion: .list(TensorNames.allCases.map(\.rawValue)))
  var names = TensorNames.keras.rawValue

  @Option(
    help: ArgumentHelp(
      "Write the runs' metrics and weight histograms for TensorBoard instead.", valueName: "dir"),
    completion: .directory)
  var tensorboard: String?

  @OptionGroup var data: DataOption
  @OptionGroup var database: DatabaseOption

  func validate() throws {
    try ParserMessage.require(
      names, among: TensorNames.allCases.map(\.rawValue), option: "--names")
    guard reference != nil || condition.text != nil else {
      throw ValidationError("name a run, or a condition: --where 'tag = good'")
    }
    let files = named.filter { $0.hasSuffix(".safetensors") || $0.hasSuffix(".npz") }
    let least = condition.text == nil ? 2 : 1
    guard tensorboard == nil ? named.count >= least : files.isEmpty else {
      throw ValidationError("name either a file or --tensorboard DIR")
    }
    guard tensorboard != nil || named.count <= 2 else {
      throw ValidationError("a file takes one run's epoch; several runs need --tensorboard DIR")
    }
  }

  /// The runs and, where that is asked for, the file.
  private var named: [String] { (reference.map { [$0] } ?? []) + others }

  func run() throws {
    let laboratory = database.laboratory(data)
    if let tensorboard {
      let choice = RunChoice(runs: named, condition: condition.text)
      let done = try laboratory.exportEvents(laboratory.references(of: choice), to: tensorboard)
      for run in done {
        Terminal.say("Wrote \(run.folder): \(run.parts.joined(separator: ", "))")
      }
    } else {
      let file = named[named.count - 1]
      let choice = RunChoice(runs: named.dropLast(), condition: condition.text)
      let done = try laboratory.export(
        laboratory.reference(of: choice), to: file, names: TensorNames(rawValue: names) ?? .keras)
      let place = done.replaced ? ", in place of an earlier file" : ""
      Terminal.say("Wrote \(done.tensors) tensors to \(file)\(place)")
      for note in done.notes { Terminal.say("note: \(Visible.line(note))") }
    }
  }
}

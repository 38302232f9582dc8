import LabFormats

/// A file that initial weights are read from.
package struct WeightsFile: Equatable, Sendable {
  /// The path of a safetensors or npz file, as written.
  package var path: String
  /// Whether layers that the file does not have are drawn, and others of the file passed over.
  package var isPartial = false

  /// Names a file.
  package init(_ path: String, isPartial: Bool = false) {
    self.path = path
    self.isPartial = isPartial
  }
}

extension WeightsFile {
  /// An object, or the path alone, as which a file is written that must have every layer.
  static var rule: Rule<WeightsFile> {
    let path = Rule<String>.path(endingIn: [".safetensors", ".npz"])
    let form = form
    let object = Rule.object(form)
    return Rule(
      allowed: path.allowed + ", or {\"file\": PATH, \"partial\": true}",
      fallback: WeightsFile(""),
      form: ValueForm(
        oneOf: [path.form(), object.form()], words: path.allowed + ", or an object of these keys"),
      read: { node in
        guard node.value.kind == .string else { return object.read(node) }
        return path.read(node).map { WeightsFile($0) }
      },
      text: { file in file.isPartial ? form.text(file) : .string(file.path) })
  }

  private static var form: ObjectForm<WeightsFile> {
    ObjectForm(
      "A file of weights.", start: WeightsFile(""),
      [
        Field(
          required: "file", \.path, .path(endingIn: [".safetensors", ".npz"]), "The file's path."),
        Field(
          "partial", \.isPartial, .boolean,
          "Whether layers that the file lacks are drawn, and those that the model lacks passed over."
        ),
      ])
  }
}

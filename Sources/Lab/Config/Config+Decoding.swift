import LSTMEngine
package import LabFormats

extension Config {
  /// Reads the configuration file at `path`.
  ///
  /// - Throws: `LabError` of kind `data` with up to ten problems, or why the file cannot be read.
  package init(contentsOf path: String) throws(LabError) {
    try self.init(json: try FileBytes.read(path, what: "configuration"), source: path)
  }

  /// Decodes a configuration from JSON text of a file that messages call `source`.
  package init(json text: String, source: String) throws(LabError) {
    try self.init(json: Array(text.utf8), source: source)
  }

  /// Decodes a configuration from UTF-8 bytes of a file that messages call `source`.
  package init(json bytes: [UInt8], source: String) throws(LabError) {
    let root = try JSONDocument(bytes, source: source).root
    guard root.kind == .object else {
      throw LabError(
        .data, "the configuration is \(root.kind.phrase)", where: root.place,
        next: "write one object: { \"data\": …, \"model\": …, \"training\": … }")
    }
    let problems = ConfigProblems()
    let rule = Config.rule(defaultName: Config.defaultName(source: source))
    let config = rule(ConfigNode(value: root, path: "", problems: problems))
    try problems.throwIfAny()
    try ParameterCount.refuseTooMany(config, source: source)
    self = config
    file = ConfigFile(source)
  }

  /// Returns the file name of `source` without folder and extension; "run" if that is no name.
  static func defaultName(source: String) -> String {
    let file = source.split(separator: "/").last ?? ""
    let stem = file.lastIndex(of: ".").map { file[..<$0] } ?? file
    return isName(String(stem)) ? String(stem) : "run"
  }

  /// Names must not look like a run's id or a run's epoch (`RUN@EPOCH`).
  static func isName(_ text: String) -> Bool {
    (1...200).contains(text.count) && Visible.line(text) == text && !text.contains("@")
      && !text.utf8.allSatisfy(Byte.isDigit) && text.first != "-" && text.first != " "
  }

  private static var nameRule: Rule<String> {
    let allowed =
      "a text of 1 to 200 characters, not a number, without `@` and control characters, "
      + "not beginning with `-` or a space"
    return Rule(allowed: allowed, fallback: "run") { node in
      node.value.string.flatMap { isName($0) ? $0 : nil }
    }
  }

  static func rule(defaultName: String) -> Rule<Config> {
    let fallback = Config(
      name: defaultName, data: DataConfig.rule.fallback, model: ModelConfig.rule.fallback,
      training: TrainingConfig.rule.fallback)
    return .object(fallback: fallback) { object in
      _ = object.optional("$schema", .text)  // for editors; means nothing here
      var config = fallback
      config.name = object.optional("name", nameRule, default: defaultName)
      config.seed = object.optional("seed", .integer(0...Int.max), default: 0)
      config.tags = object.optional("tags", .set(of: .line(upTo: 100), upTo: 100), default: [])
      config.notes = object.optional("notes", .text, default: "")
      config.data = object.required("data", DataConfig.rule)
      config.model = object.required("model", ModelConfig.rule)
      config.training = object.required("training", TrainingConfig.rule)
      config.record = object.optional("record", RecordConfig.rule, default: RecordConfig())
      return config
    }
  }
}

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
    var config = Rule.object(Config.form)(ConfigNode(value: root, path: "", problems: problems))
    try problems.throwIfAny()
    if config.name.isEmpty { config.name = Config.defaultName(source: source) }
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
}

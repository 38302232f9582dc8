package import LabFormats

/// A setting of a configuration that a command gives another value: `learning_rate=0.01`.
///
/// It is named by its path (`training.optimizer.learning_rate`, `model.layers.0.units`), by a layer's name and
/// its key (`lstm.units`), or by the end of one of these that no other setting has.
package struct ConfigSetting: Equatable, Sendable {
  /// The name, as written.
  package let name: String
  /// The value, as written: JSON, or else a text.
  package let value: String

  /// Names a setting and its value.
  package init(name: String, value: String) {
    self.name = name
    self.value = value
  }

  /// Reads `NAME=VALUE`.
  package init(_ text: String) throws(LabError) {
    let scalars = text.unicodeScalars
    guard let sign = scalars.firstIndex(of: "="), sign > text.startIndex else {
      throw LabError(
        .usage, "`\(Visible.line(text))` is not NAME=VALUE", where: "--set",
        next: "write a setting's name and its value: --set learning_rate=0.01")
    }
    self.init(
      name: String(text[..<sign]), value: String(text[scalars.index(after: sign)...]))
  }

  /// Returns the path that the name means in a normalised configuration; a path is one already, be it there
  /// or not.
  func path(in json: String, source: String) throws(LabError) -> String {
    let isPath = ["training.", "data.", "model.", "record."].contains { name.hasPrefix($0) }
    if isPath { return name }
    return try SettingPlace(name, in: JSONDocument(json, source: source).root).keys
      .joined(separator: ".")
  }

  /// The value as JSON.
  fileprivate var json: JSONText { JSONText(json: value) }
}

extension Config {
  /// Returns the configuration with settings changed, one after the other.
  ///
  /// - Throws: `LabError` of kind `usage` where a name means no setting or several, of kind `data` where the
  ///   configuration is not good any more.
  package func setting(_ settings: [ConfigSetting]) throws(LabError) -> Config {
    guard !settings.isEmpty else { return self }
    var json = normalised()
    for setting in settings { json = try Self.setting(setting, in: json, of: file) }
    let shown = settings.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
    var config = try Config(json: json, source: "\(file.path) with \(shown)")
    config.file = file
    return config
  }

  private static func setting(
    _ setting: ConfigSetting, in json: String, of file: ConfigFile
  ) throws(LabError) -> String {
    let root = try JSONDocument(json, source: file.path).root
    let place = try SettingPlace(setting.name, in: root)
    let path = place.keys.joined(separator: ".")
    // A file of data lies where the shell means it.
    let folder =
      file.path.has("/")
      ? String(FileName.split(file.path).folder.unicodeScalars.dropLast()) : "."
    let change = ConfigChange(path: path, value: setting.value).locating(from: folder)
    let value = ConfigSetting(name: path, value: change.value).json
    return JSONText(root).setting(place.keys[...], to: value).compact
  }
}

/// Where a setting stands in a normalised configuration.
private struct SettingPlace {
  /// The keys from the outermost object on; the number of an element in an array.
  let keys: [String]

  /// Finds the setting that a name means.
  init(_ name: String, in root: JSONValue) throws(LabError) {
    let all = Self.all(in: root)
    let exact = all.filter { $0.names.contains(name) }
    let found =
      exact.isEmpty
      ? all.filter { $0.names.contains { $0.hasSuffix("." + name) } } : exact
    switch found.count {
    case 1: keys = found[0].keys
    case 0: keys = try Self.keys(ofAbsent: name, among: all)
    default:
      let shown = found.prefix(6).map(\.names[0]).joined(separator: ", ")
      throw LabError(
        .usage, "`\(Visible.line(name))` means \(found.count) settings", where: "--set",
        next: "name one of them: \(shown)\(found.count > 6 ? ", …" : "")")
    }
  }

  /// A setting with the names that mean it, the shortest of a layer's first.
  private struct Known {
    let keys: [String]
    let names: [String]
    let isObject: Bool
  }

  /// Everything that stands in a configuration, objects too; data that stand in it are one setting.
  private static func all(in root: JSONValue) -> [Known] {
    var all: [Known] = []
    func read(_ value: JSONValue, _ keys: [String], _ layer: [String]?) {
      let path = keys.joined(separator: ".")
      let names = (layer.map { [$0.joined(separator: ".")] } ?? []) + [path]
      if !keys.isEmpty {
        all.append(Known(keys: keys, names: names, isObject: value.kind == .object))
      }
      if value.kind == .object {
        for member in value.members {
          read(member.value, keys + [member.key], layer.map { $0 + [member.key] })
        }
      } else if value.kind == .array, value.elements.contains(where: { $0.kind == .object }) {
        for (number, element) in value.elements.enumerated() {
          let name = element.members.first { $0.key == "name" }?.value.string
          read(
            element, keys + ["\(number)"], keys == ["model", "layers"] ? name.map { [$0] } : nil)
        }
      }
    }
    read(root, [], nil)
    return all
  }

  /// The place of a setting that is left out at its default: below an object that is there.
  private static func keys(ofAbsent name: String, among all: [Known]) throws(LabError) -> [String] {
    if let dot = name.lastIndex(of: ".") {
      let parent = name[..<dot], key = String(name[name.index(after: dot)...])
      let objects = all.filter { known in
        known.isObject && known.names.contains { $0 == parent || $0.hasSuffix("." + parent) }
      }
      if objects.count == 1 { return objects[0].keys + [key] }
    }
    let optional = [
      ("training", TrainingConfig.form.optionalKeys()), ("data", DataConfig.form.optionalKeys()),
    ]
    for (part, keys) in optional where keys.contains(name) { return [part, name] }
    let known =
      all.flatMap { known in known.names.flatMap { [$0, known.keys.last ?? $0] } }
      + optional.flatMap(\.1)
    let near = Suggestion.text(for: name, among: known)
    let leaves = all.filter { !$0.isObject && $0.keys.first != "data" }.map(\.names[0])
    throw LabError(
      .usage, "there is no setting `\(Visible.line(name))`", where: "--set",
      next: near + "known: " + leaves.prefix(20).joined(separator: ", ")
        + (leaves.count > 20 ? ", …" : ""))
  }
}

extension JSONText {
  /// Returns the value with what stands at a path replaced, or put at the end of an object. `null` takes a
  /// member away.
  fileprivate func setting(_ keys: ArraySlice<String>, to value: JSONText) -> JSONText {
    guard let key = keys.first else { return value }
    let rest = keys.dropFirst()
    switch self {
    case .object(var members):
      if let place = members.firstIndex(where: { $0.key == key }) {
        if rest.isEmpty, value == .null {
          members.remove(at: place)
        } else {
          members[place] = JSONTextMember(key, members[place].value.setting(rest, to: value))
        }
      } else if value != .null {
        members.append(JSONTextMember(key, JSONText.object([]).setting(rest, to: value)))
      }
      return .object(members)
    case .array(var elements):
      if let number = Int(key), elements.indices.contains(number) {
        elements[number] = elements[number].setting(rest, to: value)
      }
      return .array(elements)
    default: return rest.isEmpty ? value : .object([]).setting(keys, to: value)
    }
  }
}

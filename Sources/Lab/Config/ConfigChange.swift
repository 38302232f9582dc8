import Foundation
import LabFormats

/// One setting to change in a stored configuration: `training.optimizer.learning_rate=0.01`.
struct ConfigChange: Equatable, Sendable {
  /// The key's JSON path, such as `training.epochs`.
  let path: String
  /// The new value, as written.
  let value: String

  /// Names a change in a fork; only settings of training can be changed, because the data and the model are
  /// what the stored weights belong to.
  ///
  /// - Parameter hasNewData: Whether it can be changed, too, where the data are from; how they are read is
  ///   stored with the weights.
  init(path: String, value: String, hasNewData: Bool) throws(LabError) {
    self.path = path
    self.value = value
    let isNewData = hasNewData && path.hasPrefix("data.")
    let keys = path.split(separator: ".")
    if isNewData, let key = Self.stored.first(where: { keys.contains(Substring($0)) }) {
      throw LabError(
        .usage,
        "new data are read as the run read its own: `\(Visible.line(path))` cannot be changed",
        where: "--set",
        next: "leave it out; start a new run for another `\(key)`")
    }
    guard path.hasPrefix("training.") || isNewData, !path.hasSuffix(".") else {
      if path.hasPrefix("data.") {
        throw LabError(
          .usage,
          "a fork goes on with its parent's data: `\(Visible.line(path))` cannot be changed",
          where: "--set",
          next:
            "to go on with other data add --new-data; where the same data lie elsewhere now, name "
            + "their folder: --data DIR")
      }
      throw LabError(
        .usage, "`\(Visible.line(path))` cannot be changed in a fork", where: "--set",
        next: "only settings of training can: `training.epochs`, `training.batch_size`, "
          + "`training.optimizer.learning_rate`, …")
    }
  }

  /// What of the data's settings is stored with the weights, and stays.
  private static let stored = [
    "normalize", "normalize_target", "features", "classes", "missing", "target", "target_per",
    "windows", "sequence_length", "sequence_stride",
  ]

  /// Keys whose values are files.
  private static let files = ["csv", "ts", "x", "y", "lengths", "text"]

  /// Returns the change with the whole path of a file of data that lies in the current folder, where the
  /// shell means it, if the configuration's paths start at another one.
  func locating(from directory: String) -> ConfigChange {
    let current = FileManager.default.currentDirectoryPath
    func real(_ path: String) -> String { URL(filePath: path).resolvingSymlinksInPath().path }
    guard path.hasPrefix("data."), real(current) != real(directory) else { return self }
    func located(_ name: String) -> String? {
      let file = ArrayFile(name, in: ConfigFile(current + "/config.json")).path
      guard !FileName.isAbsolute(name), DataFolder.hasFile(current + "/" + file) else { return nil }
      return JSONText.string(current + "/" + name).compact
    }
    if let document = try? JSONDocument(value, source: "--set"), !document.root.members.isEmpty {
      var text = document
      for member in document.root.members.reversed() where Self.files.contains(member.key) {
        guard let name = member.value.string.flatMap(located) else { continue }
        let changed = text.text(replacing: member.value.range, with: name)
        text = (try? JSONDocument(changed, source: "--set")) ?? text
      }
      return ConfigChange(path: path, value: text.text(of: text.root.range))
    }
    let key = path.split(separator: ".").last.map(String.init) ?? ""
    let name = value.hasPrefix("\"") ? String(value.dropFirst().dropLast()) : value
    guard Self.files.contains(key), let located = located(name) else { return self }
    return ConfigChange(path: path, value: located)
  }

  init(path: String, value: String) {
    self.path = path
    self.value = value
  }

  /// Returns a configuration, given as normalised JSON, with the setting changed.
  ///
  /// The value is taken as JSON where it is JSON, else as a string. `null` takes a setting away that
  /// need not be there, such as `training.early_stopping`.
  func applied(to json: String) throws(LabError) -> String {
    let document = try JSONDocument(json, source: "stored configuration")
    if let changed = try changingOptional(in: document) { return changed }
    var target = document.root
    var parent = ""
    for key in path.split(separator: ".", omittingEmptySubsequences: false).map(String.init) {
      guard let member = target.members.first(where: { $0.key == key }) else {
        let optional = Self.optionalKeys(of: parent)
        let present = target.members.map(\.key)
        let known = present + optional.filter { !present.contains($0) }
        let near = Suggestion.text(for: key, among: known)
        throw LabError(
          .usage,
          "there is no setting `\(Visible.line(key))`"
            + (parent.isEmpty ? "" : " in `\(parent)`"),
          where: "--set", next: near + "known: " + known.joined(separator: ", "))
      }
      target = member.value
      parent = parent.isEmpty ? key : "\(parent).\(key)"
    }
    return document.text(replacing: target.range, with: text)
  }

  /// The value as JSON.
  private var text: String {
    let isJSON = (try? JSONDocument(value, source: "--set")) != nil
    return isJSON ? value : JSONText.string(value).compact
  }

  /// The settings of a part of the configuration that need not be there.
  private static func optionalKeys(of part: String) -> [String] {
    switch part {
    case "training": TrainingConfig.form.optionalKeys()
    case "data": DataConfig.form.optionalKeys()
    default: []
    }
  }

  /// Returns the configuration with an optional setting of training or data added, replaced or taken
  /// away; nil where the path names none.
  private func changingOptional(in document: JSONDocument) throws(LabError) -> String? {
    let part = String(path.prefix { $0 != "." })
    guard let key = Self.optionalKeys(of: part).first(where: { path == "\(part).\($0)" }),
      let whole = document.root.members.first(where: { $0.key == part })?.value
    else { return nil }
    var members = whole.members.filter { $0.key != key }.map { member in
      document.text(of: member.keyValue.range.lowerBound..<member.value.range.upperBound)
    }
    if text != "null" { members.append("\(JSONText.string(key).compact):\(text)") }
    return document.text(
      replacing: whole.range, with: "{\(members.joined(separator: ","))}")
  }
}

extension JSONDocument {
  /// Returns a part of the document as it was written.
  fileprivate func text(of range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }

  /// Returns the document with a part replaced.
  fileprivate func text(replacing range: Range<Int>, with text: String) -> String {
    self.text(of: bytes.startIndex..<range.lowerBound) + text
      + self.text(of: range.upperBound..<bytes.endIndex)
  }
}

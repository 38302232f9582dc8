import Foundation

/// One setting to change in a stored configuration: `training.optimizer.learning_rate=0.01`.
package struct ConfigChange: Equatable, Sendable {
  /// The key's JSON path, such as `training.epochs`.
  package let path: String
  /// The new value, as written.
  package let value: String

  /// Reads `PATH=VALUE`; only settings of training can be changed, because the data and the model are
  /// what the stored weights belong to.
  package init(_ text: String) throws(LabError) {
    guard let sign = text.firstIndex(of: "="), sign > text.startIndex else {
      throw LabError(
        .usage, "`\(Visible.line(text))` is not a change", where: "--set",
        next: "write a path and a value: --set training.optimizer.learning_rate=0.01")
    }
    path = String(text[..<sign])
    value = String(text[text.index(after: sign)...])
    guard path.hasPrefix("training."), !path.hasSuffix(".") else {
      throw LabError(
        .usage, "`\(Visible.line(path))` cannot be changed in a fork", where: "--set",
        next: "only settings of training can: `training.epochs`, `training.batch_size`, "
          + "`training.optimizer.learning_rate`, …")
    }
  }

  /// Returns a configuration, given as normalised JSON, with the setting changed.
  ///
  /// The value is taken as JSON where it is JSON, else as a string.
  func applied(to json: String) throws(LabError) -> String {
    let document = try JSONDocument(json, source: "stored configuration")
    var target = document.root
    var parent = ""
    for key in path.split(separator: ".", omittingEmptySubsequences: false).map(String.init) {
      guard let member = target.members.first(where: { $0.key == key }) else {
        let known = target.members.map(\.key)
        let near = Suggestion.nearest(to: key, among: known).map { "did you mean `\($0)`? " } ?? ""
        throw LabError(
          .usage,
          "there is no setting `\(Visible.line(key))`"
            + (parent.isEmpty ? "" : " in `\(parent)`"),
          where: "--set", next: near + "known: " + known.joined(separator: ", "))
      }
      target = member.value
      parent = parent.isEmpty ? key : "\(parent).\(key)"
    }
    let isJSON = (try? JSONDocument(value, source: "--set")) != nil
    let text = isJSON ? value : JSONText.string(value).compact
    let bytes = Array(json.utf8)
    let range = target.range
    return String(
      decoding: bytes[..<range.lowerBound] + Array(text.utf8) + bytes[range.upperBound...],
      as: UTF8.self)
  }
}

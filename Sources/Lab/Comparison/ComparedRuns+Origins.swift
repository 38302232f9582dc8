import LabFormats

/// What runs were created with: two have the same settings where these are equal.
struct RunOrigin: Hashable {
  /// The hash of the settings without name, tags, notes, seed, fold and what is recorded.
  let settings: String
  /// The hash of the data.
  let data: String
  /// The hash of first weights that a file or another run gave; `drawn` where none did.
  let firstWeights: String
}

extension ComparedRuns {
  /// What stands for a setting where runs have other data, other first weights, or settings that
  /// differ in nothing that has a path of its own, such as the order of layers.
  static let data = "data"
  static let firstWeights = "initial_weights"
  static let allSettings = "settings"

  /// What a run was created with.
  func origin(_ row: Int) -> RunOrigin {
    RunOrigin(
      settings: text("settings_hash", row) ?? text("config_hash", row) ?? "",
      data: text("data_hash", row) ?? "not known", firstWeights: firstWeights(of: row))
  }

  private func text(_ title: String, _ row: Int) -> String? {
    guard let column = column(title), case .text(let text) = table.rows[row][column] else {
      return nil
    }
    return text
  }

  /// First weights that were given but not stored are like no other run's.
  private func firstWeights(of row: Int) -> String {
    if let hash = text("initial_hash", row) { return hash }
    let isFork = column("parent_epoch").map { table.rows[row][$0] != .null } ?? false
    let files = settings.paths.indices.filter { path in
      settings.paths[path] == "model.initial_weights"
        || settings.paths[path].hasPrefix("model.initial_weights.")
    }
    guard isFork || settings.value(files, of: row) != nil else { return "drawn" }
    return "not known (\(id(row)))"
  }

  /// Says what differs besides the settings, a line each.
  func note(on differing: [Settings.Path], width: Int? = nil) -> String {
    let names = differing.map { settings.paths[$0] }
    var lines: [String] = []
    if names.contains(Self.data) {
      let parts = differingData.isEmpty ? "" : ": \(differingData.joined(separator: ", "))"
      lines.append("The data differ\(Visible.line(parts)).")
    }
    if names.contains(Self.firstWeights) { lines.append("The initial weights differ.") }
    return lines.isEmpty
      ? "" : "\n" + lines.map { WrappedText.lines($0, width: width) }.joined()
  }
}

import LabFormats
import LabStore

/// The file that a configuration came from: its relative paths start there, and messages name it.
///
/// All files are equal, so that configurations are equal that say the same, wherever they stand.
package struct ConfigFile: Equatable, Sendable {
  /// The path, as the user gave it; of a stored run that of `config.json` in the stored folder.
  package let path: String

  /// Names the file; nothing is opened.
  package init(_ path: String) { self.path = path }

  /// Returns where a file lies that the configuration names; nothing here looks at the disk.
  func locating(_ name: String) -> String {
    guard !name.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return name }
    return path[...slash] + name
  }

  /// Says yes: where a configuration stands changes nothing of what it says.
  package static func == (a: ConfigFile, b: ConfigFile) -> Bool { true }
}

extension Config {
  /// Decodes the configuration of a stored run.
  ///
  /// - Parameter json: Its text, where that is no longer the stored one.
  init(of run: StoredRun, json: String? = nil) throws(LabError) {
    try self.init(json: json ?? run.config, source: Self.source(ofRun: run.runID))
    file = ConfigFile(run.configDirectory + "/config.json")
  }

  /// What messages call the stored configuration of a run.
  static func source(ofRun run: Int64) -> String { "configuration of run \(run)" }
}

import LabFormats
import LabStore

/// The file that a configuration came from: its relative paths start there, and messages name it.
///
/// All files are equal, so that configurations are equal that say the same, wherever they stand.
package struct ConfigFile: Equatable, Sendable {
  /// The path, as the user gave it; of a stored run that of `config.json` in the folder of its data.
  package let path: String
  /// Where else the files of a stored run may lie, in the order of looking.
  var others: [DataFolder] = []

  /// Names the file; nothing is opened.
  package init(_ path: String) { self.path = path }

  /// Returns where a file lies that the configuration names: where it is found first, if there is more
  /// than one folder to look in, else where it must be.
  func locating(_ name: String) -> String {
    let places = places(of: name)
    return places.dropFirst().isEmpty
      ? places[0] : places.first(where: DataFolder.hasFile) ?? places[0]
  }

  /// Returns each place where a file is looked for, in order, without looking; at least one.
  func places(of name: String) -> [String] {
    let own = FileName.isAbsolute(name) ? name : FileName.split(path).folder + name
    return ([own] + others.flatMap { $0.places(of: name) }).reduce(into: []) { places, place in
      if !places.contains(place) { places.append(place) }
    }
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

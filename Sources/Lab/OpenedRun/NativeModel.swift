import Foundation
import LSTMEngine
import LabFormats
import LabStore

/// The model of a foreign run as the engine computes it, where every layer is one that the engine knows.
///
/// The configuration has stand-ins for the data, which are not here: samples come from a file.
struct NativeModel {
  let config: Config

  /// Reads what was recorded of the model and its training.
  ///
  /// - Throws: `LabError` where it is no configuration of ours.
  init(json: String, name: String, place: String) throws(LabError) {
    let root = try JSONDocument(json, source: place).root
    let data = JSONText.object([
      "train": .object(["x": .string("samples.npy"), "y": .string("targets.npy")])
    ])
    let whole = JSONText.object(
      [JSONTextMember("name", .string(name)), JSONTextMember("data", data)]
        + root.members.map { JSONTextMember($0.key, JSONText($0.value)) })
    config = try Config(json: whole.compact, source: place)
  }

  /// Refuses tensors that are not those of the model; the biases of PyTorch's two products may be two rows where
  /// the engine has their sum.
  func requireTensors(_ stored: [TensorDescription], place: String) throws(LabError) {
    let features =
      config.model.readsSymbols ? 1 : stored.first { $0.source == .input }?.rows ?? 0
    let layout = ParameterLayout(config.model.layers, features: features)
    guard Self.fit(stored, layout.tensors.map(TensorDescription.init)) else {
      throw LabError(
        .data, "the tensors are not those of the model that was recorded with them", where: place,
        next: "the run is recorded without its model: gates are shown as far as they are recorded")
    }
  }

  /// Whether stored tensors are those of a layout, but for rows of biases that are added up.
  static func fit(_ stored: [TensorDescription], _ wanted: [TensorDescription]) -> Bool {
    guard stored.count == wanted.count else { return false }
    return zip(stored, wanted).allSatisfy { stored, wanted in
      if stored == wanted { return true }
      let areAlike =
        stored.path == wanted.path && stored.cols == wanted.cols && stored.gates == wanted.gates
      let areBiases = stored.source == .bias && wanted.source == .bias
      return areAlike && areBiases && stored.rows == 2 && wanted.rows == 1
    }
  }
}

extension OpenedRun {
  /// The configuration with some changes; data that a change names are looked for from where the user is.
  func config(changedBy settings: [ConfigSetting], hasNewData: Bool) throws -> Config {
    let isForeign = run.trainer != nil
    var json = isForeign ? try config.normalised() : run.config
    for setting in settings {
      let path = try setting.path(in: json, source: Config.source(ofRun: id))
      let change = try ConfigChange(path: path, value: setting.value, hasNewData: hasNewData)
      json = try (isForeign ? change : change.locating(from: run.configDirectory)).applied(to: json)
    }
    guard isForeign else { return try Config(of: run, json: json) }
    var config = try Config(json: json, source: Config.source(ofRun: id))
    config.file = ConfigFile(FileManager.default.currentDirectoryPath + "/config.json")
    return config
  }

  /// Says what a fork of a foreign run needs.
  func withoutSamples(toGoOnFrom epoch: Int) -> LabError {
    foreign(
      "the samples that it was trained with are not here",
      next:
        "name them: lstm-lab resume \(id) --from \(epoch) --epochs \(epoch + 10) --set data.train.x=x.npy --set data.train.y=y.npy "
        + "--new-data\(database.option)")
  }
}

extension StoredWeights {
  /// The values as the engine's tensors have them: two rows of a bias become their sum where it has one.
  func values(for network: NetworkDescription) -> [[Float]] {
    Self.values(values, for: ParameterLayout(network.layers, features: network.features))
  }

  /// The same of values that were read.
  static func values(_ values: [[Float]], for layout: ParameterLayout) -> [[Float]] {
    zip(values, layout.tensors).map { $1.withOneBias($0) }
  }
}

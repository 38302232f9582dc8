import LSTMEngine
import LabFormats

/// Checks that the samples are what the first layer reads.
struct InputCheck {
  let layers: [LayerSpecification]
  let normalize: Normalize
  let configPath: String

  /// Refuses an input of an embedding that is none of its numbers; `path` is the JSON path of the data
  /// set.
  func requireReadable(_ data: Dataset, path: String) throws(LabError) {
    guard case .embedding(let embedding) = layers.first?.kind else { return }
    let name = layers.first?.name ?? ""
    guard normalize == .none else {
      throw LabError(
        .data,
        "`data.normalize` is `\(normalize.rawValue)`, but layer `\(name)` reads whole numbers",
        where: configPath, next: "set `\"normalize\": \"none\"`")
    }
    let limit = Float(embedding.inputDimension)
    guard let bad = data.x.firstIndex(where: { !($0 >= 0 && $0 < limit && $0 == $0.rounded()) })
    else { return }
    throw LabError(
      .data, "`\(path).x\(data.sequences.place(of: bad))` is \(data.x[bad])", where: configPath,
      next: "layer `\(name)` with `input_dim` \(embedding.inputDimension) reads the whole numbers "
        + "0 to \(embedding.inputDimension - 1)")
  }
}

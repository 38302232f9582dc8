import LSTMEngine
import LabFormats

/// Checks that the samples are what the first layer reads.
struct InputCheck {
  let config: Config
  /// Where a number of x stands, for data of their own file.
  var place: ((_ index: Int) -> String)?

  /// Refuses an input of an embedding that is none of its numbers; `path` is the JSON path of the data
  /// set.
  func requireReadable(_ data: Dataset, path: String) throws(LabError) {
    let first = config.model.layers.first
    let name = first?.name ?? ""
    guard case .embedding(let embedding) = first?.kind else {
      if data.sharesTargets { throw withoutEmbedding(name) }
      return
    }
    if data.sharesTargets, let count = data.classNames?.count, embedding.inputDimension < count {
      throw LabError(
        .data,
        "the text has \(count) different characters, and layer `\(name)` reads "
          + "\(embedding.inputDimension)", where: "\(config.file.path), model.layers[0].input_dim",
        next: "leave `input_dim` out: it is found out then")
    }
    let normalize = config.data.normalize
    guard normalize == .none else {
      throw LabError(
        .data,
        "`data.normalize` is `\(normalize.rawValue)`, but layer `\(name)` reads whole numbers",
        where: config.file.path, next: "set `\"normalize\": \"none\"`")
    }
    let limit = Float(embedding.inputDimension)
    guard let bad = data.x.firstIndex(where: { !($0 >= 0 && $0 < limit && $0 == $0.rounded()) })
    else { return }
    throw LabError(
      .data, "`\(path).x\(data.sequences.place(of: bad))` is \(data.x[bad])",
      where: place?(bad) ?? config.file.path,
      next: "layer `\(name)` with `input_dim` \(embedding.inputDimension) reads whole numbers from "
        + "0 to \(embedding.inputDimension - 1)")
  }

  /// The error of a text that is read by a layer that computes with numbers.
  private func withoutEmbedding(_ name: String) -> LabError {
    LabError(
      .data, "layer `\(name)` computes with numbers, but a text's characters are classes",
      where: "\(config.file.path), model.layers[0]",
      next: "begin with an embedding: {\"type\": \"embedding\", \"output_dim\": 16}")
  }
}

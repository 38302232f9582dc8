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
    guard case .embedding(let embedding) = first?.kind else { return }
    let name = first?.name ?? ""
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
}

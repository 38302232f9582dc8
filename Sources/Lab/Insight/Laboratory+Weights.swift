import LabFormats
import LabStore

extension Laboratory {
  /// Answers `weights`: statistics where nothing is selected, the history of a single weight, a list
  /// of several.
  package func weights(
    _ text: String, _ selection: WeightSelection, byGate: Bool
  ) throws -> WeightsReport {
    let weights = try StoredWeights(open(text))
    if selection.isEmpty { return .statistics(weights, byGate: byGate) }
    let places = try selection.places(in: weights.tensors, where: weights.place)
    guard places.count == 1 else { return .list(places, weights) }
    let history = try weights.opened.database.history(
      of: weights.run.runID, tensor: places[0].tensor, row: places[0].row, col: places[0].col
    ).filter { $0.epoch <= weights.epoch }.map { (epoch: $0.epoch, value: $0.bytes.floats[0]) }
    return .history(places[0], history, of: weights)
  }

  /// Returns the matrices of recurrent layers on [h, x].
  package func concatenatedWeights(_ text: String, layer: String?) throws -> WeightsReport {
    let weights = try StoredWeights(open(text))
    return .concatenated(
      weights, try ConcatenatedWeights(weights: weights).table(layer: layer))
  }
}

extension WeightsReport {
  fileprivate static func concatenated(_ weights: StoredWeights, _ table: Table) -> WeightsReport {
    let layers = weights.layers.filter { name in
      table.rows.contains { $0[0] == .text(name) }
    }
    return WeightsReport(
      "W·[h, x] + b of \(weights.heading)", table,
      brief: layers.count == 1 ? table.dropping(["layer"]) : table)
  }
}

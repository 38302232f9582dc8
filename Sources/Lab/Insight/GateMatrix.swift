import LabStore

/// A layer's weights as rows of W on [h, x] and b.
struct GateMatrix {
  /// The layer's tensors with their values.
  let tensors: [(tensor: TensorDescription, values: [Float])]

  init(layer: String, in weights: StoredWeights) {
    tensors = zip(weights.tensors, weights.values).filter { $0.0.layer == layer }
      .map { (tensor: $0.0, values: $0.1) }
  }

  /// The column of one gate and unit: the weight of each source.
  private func column(_ source: TensorDescription.Source, gate: String?, unit: Int) -> [Float] {
    guard let (tensor, values) = tensors.first(where: { $0.tensor.source == source }) else {
      return []
    }
    let block = gate.flatMap { tensor.gates.firstIndex(of: $0) } ?? 0
    return (0..<tensor.rows).map { values[$0 * tensor.cols + block * tensor.units + unit] }
  }

  /// The sum that leads to one unit of a gate; without gates h is empty.
  func sum(gate: String?, unit: Int, h: [Float], x: [Float]) -> WeightedSum {
    let bias = column(.bias, gate: gate, unit: unit)
    return WeightedSum(
      weights: (h.isEmpty ? [] : column(.hidden, gate: gate, unit: unit))
        + column(.input, gate: gate, unit: unit),
      values: h + x, constant: bias.first)
  }
}

import LSTMEngine
import LabStore

/// A layer's weights as rows of W on [h, x] and b.
struct GateMatrix {
  /// The layer's tensors with their values.
  let tensors: [(tensor: TensorDescription, values: [Float])]

  /// Takes the tensors of a layer; of a two-way layer those of one direction.
  init(layer: String, direction: Direction? = nil, in weights: StoredWeights) {
    tensors = zip(weights.tensors, weights.values)
      .filter { $0.0.layer == layer && $0.0.part.direction?.rawValue == direction?.rawValue }
      .map { (tensor: $0.0, values: $0.1) }
  }

  /// The column of one gate and unit: the weight of each source.
  private func column(_ source: TensorDescription.Source, gate: Quantity?, unit: Int) -> [Float] {
    guard let (tensor, values) = tensors.first(where: { $0.tensor.source == source }) else {
      return []
    }
    let block = gate.flatMap { tensor.gates.firstIndex(of: $0.rawValue) } ?? 0
    return (0..<tensor.rows).map { values[$0 * tensor.cols + block * tensor.units + unit] }
  }

  /// The sum that leads to one unit of a gate, with all its biases; for a dense layer h is empty.
  func sum(gate: Quantity?, unit: Int, h: [Float], x: [Float]) -> WeightedSum {
    let bias = column(.bias, gate: gate, unit: unit)
    return WeightedSum(
      weights: (h.isEmpty ? [] : column(.hidden, gate: gate, unit: unit))
        + column(.input, gate: gate, unit: unit),
      values: h + x, constants: bias)
  }

  /// The product with x alone and its bias, as a GRU's candidate has it.
  func inputSum(gate: Quantity, unit: Int, x: [Float]) -> WeightedSum {
    WeightedSum(
      weights: column(.input, gate: gate, unit: unit), values: x,
      constants: Array(column(.bias, gate: gate, unit: unit).prefix(1)))
  }

  /// The product with h alone and its bias.
  func recurrentSum(gate: Quantity, unit: Int, h: [Float]) -> WeightedSum {
    WeightedSum(
      weights: column(.hidden, gate: gate, unit: unit), values: h,
      constants: Array(column(.bias, gate: gate, unit: unit).dropFirst()))
  }
}

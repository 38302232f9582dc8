import LSTMEngine
import LabStore

/// Euclidean norms of each gate's weights (kernel, recurrent kernel and bias together), of their
/// change over the epoch, and of the gradient of the epoch's last batch. Sums run in double
/// precision in the tensors' order.
enum GateNorms {
  /// Returns a row for each gate of each layer, or one for a layer without gates.
  static func stats(
    _ layout: ParameterLayout, _ snapshot: Snapshot, before: [Float]?
  ) -> [GateStat] {
    var stats: [GateStat] = []
    for layer in layerNames(layout) {
      let tensors = layout.tensors.filter { $0.layer == layer }
      let gates = tensors[0].gates
      for group in 0..<max(gates.count, 1) {
        let weights = norm(tensors, group: group) { Double(snapshot.weights[$0]) }
        let update = norm(tensors, group: group) { at in
          before.map { Double(snapshot.weights[at]) - Double($0[at]) } ?? 0
        }
        let gradient = norm(tensors, group: group) { Double(snapshot.gradients[$0]) }
        stats.append(
          GateStat(
            layer: layer, gate: gates.isEmpty ? nil : gates[group], weightNorm: weights,
            updateNorm: update, gradientNorm: gradient))
      }
    }
    return stats
  }

  private static func layerNames(_ layout: ParameterLayout) -> [String] {
    layout.tensors.map(\.layer).reduce(into: []) { names, name in
      if names.last != name { names.append(name) }
    }
  }

  private static func norm(
    _ tensors: [ParameterTensor], group: Int, _ value: (Int) -> Double
  ) -> Double {
    var sum = 0.0
    for tensor in tensors {
      for row in 0..<tensor.rows {
        tensor.forEachRun(row: row, group: group) { _, offset, count in
          for at in offset..<offset + count { sum += value(at) * value(at) }
        }
      }
    }
    return sum.squareRoot()
  }
}

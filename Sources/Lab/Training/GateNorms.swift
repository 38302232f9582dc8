import LSTMEngine
import LabStore

/// Euclidean norms of each gate's weights (kernel, recurrent kernel and bias together), of their
/// change over the epoch, and of the gradient of the epoch's last batch.
///
/// Squares are summed in double precision in the tensors' order, in sixteen sums, one for each of the
/// engine's lanes, which are added up at the end.
enum GateNorms {
  /// Returns a row for each gate of each layer, or one for a layer without gates.
  ///
  /// - Parameter before: The weights before the epoch; nil for a run's first state, which no
  ///   training has led to: it has neither a change nor a gradient.
  static func stats(
    _ layout: ParameterLayout, _ snapshot: Snapshot, before: [Float]?
  ) -> [GateStat] {
    let hasEpoch = before != nil
    let before = before ?? snapshot.weights
    precondition(
      before.count == snapshot.weights.count,
      "\(before.count) weights before the epoch, \(snapshot.weights.count) after it")
    return layerNames(layout).flatMap { layer in
      let tensors = layout.tensors.filter { $0.layer == layer }
      let gates = tensors[0].gates
      return (0..<max(gates.count, 1)).map { group in
        var sums = Sums()
        for tensor in tensors { sums.add(tensor, group: group, snapshot, before: before) }
        return GateStat(
          layer: layer, gate: gates.isEmpty ? nil : gates[group],
          weightNorm: Sums.norm(sums.weights),
          updateNorm: hasEpoch ? Sums.norm(sums.updates) : nil,
          gradientNorm: hasEpoch ? Sums.norm(sums.gradients) : nil)
      }
    }
  }

  private static func layerNames(_ layout: ParameterLayout) -> [String] {
    layout.tensors.map(\.layer).reduce(into: []) { names, name in
      if names.last != name { names.append(name) }
    }
  }
}

/// Sums of squares, one for each lane.
private struct Sums {
  typealias Lanes = SIMD16<Double>

  var weights = Lanes.zero
  var updates = Lanes.zero
  var gradients = Lanes.zero

  mutating func add(
    _ tensor: ParameterTensor, group: Int, _ snapshot: Snapshot, before: [Float]
  ) {
    for row in 0..<tensor.rows {
      tensor.forEachRun(row: row, group: group) { _, offset, _ in
        // A run's unused lanes are zero in every buffer.
        let w = Self.lanes(snapshot.weights, offset)
        let update = w - Self.lanes(before, offset)
        let g = Self.lanes(snapshot.gradients, offset)
        weights += w * w
        updates += update * update
        gradients += g * g
      }
    }
  }

  private static func lanes(_ buffer: [Float], _ offset: Int) -> Lanes {
    precondition(offset >= 0 && offset + 16 <= buffer.count, "\(offset) of \(buffer.count)")
    return unsafe buffer.withUnsafeBytes { bytes in
      Lanes(
        unsafe bytes.loadUnaligned(
          fromByteOffset: MemoryLayout<Float>.stride * offset, as: SIMD16<Float>.self))
    }
  }

  static func norm(_ sums: Lanes) -> Double {
    (0..<16).reduce(0.0) { $0 + sums[$1] }.squareRoot()
  }
}

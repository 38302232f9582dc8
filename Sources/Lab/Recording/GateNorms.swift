import LSTMEngine
import LabStore

/// Euclidean norms of each gate's weights (kernel, recurrent kernel and bias together), of their
/// change over the epoch, and of the gradient of the epoch's last batch.
///
/// Squares are summed in double precision in the tensors' order, in sixteen sums, one for each of the
/// engine's lanes, which are added up at the end.
enum GateNorms {
  /// Returns a row for each gate of each layer, or one for a layer without gates. Each direction of a
  /// two-way layer has rows of its own.
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
    return groups(layout).flatMap { tensors in
      let gates = tensors[0].gates
      return (0..<max(gates.count, 1)).map { group in
        var sums = Sums()
        for tensor in tensors { sums.add(tensor, group: group, snapshot, before: before) }
        return GateStat(
          layer: tensors[0].layer,
          part: LayerPart(tensors[0].direction, gates.isEmpty ? nil : gates[group].rawValue),
          weightNorm: Sums.norm(sums.weights),
          updateNorm: hasEpoch ? Sums.norm(sums.updates) : nil,
          gradientNorm: hasEpoch ? Sums.norm(sums.gradients) : nil)
      }
    }
  }

  /// The tensors of each layer, or of each direction of it, in order.
  private static func groups(_ layout: ParameterLayout) -> [[ParameterTensor]] {
    layout.tensors.reduce(into: []) { groups, tensor in
      if let last = groups.last?[0], last.layer == tensor.layer, last.direction == tensor.direction
      {
        groups[groups.count - 1].append(tensor)
      } else {
        groups.append([tensor])
      }
    }
  }
}

extension LayerPart {
  /// Names a part of a layer of the engine.
  init(_ direction: LSTMEngine.Direction?, _ name: String?) {
    self.init(direction.flatMap { Direction(rawValue: $0.rawValue) }, name)
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

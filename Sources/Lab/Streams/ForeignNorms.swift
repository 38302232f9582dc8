import Foundation
import LabStore

/// Euclidean norms of a foreign run's weights and of their change, as ``GateNorms`` has them of our own: a row
/// for each gate of each layer, all that training changes together. A gradient is not known.
///
/// Squares are summed in double precision in the order of storing.
enum ForeignNorms {
  /// Returns the rows.
  ///
  /// - Parameters:
  ///   - isTrained: Whether training changes each of the tensors.
  ///   - before: The weights of the epoch before; nil where that is not known.
  static func stats(
    _ tensors: [TensorDescription], isTrained: [Bool], weights: [Data], before: [Data]?
  ) -> [GateStat] {
    var rows: [Row] = []
    var places: [Key: Int] = [:]
    for (index, tensor) in tensors.enumerated() where isTrained[index] {
      let values = weights[index].floats
      let old = before?[index].floats
      for block in 0..<max(tensor.gates.count, 1) {
        let gate = tensor.gates.isEmpty ? nil : tensor.gates[block]
        let key = Key(layer: tensor.layer, direction: tensor.part.direction, gate: gate)
        let place = places[key] ?? rows.count
        if place == rows.count {
          places[key] = place
          rows.append(Row(key: key))
        }
        for row in 0..<tensor.rows {
          let start = row * tensor.cols + block * tensor.units
          for index in start..<start + tensor.units {
            let value = Double(values[index])
            rows[place].weights += value * value
            guard let old else { continue }
            let update = value - Double(old[index])
            rows[place].updates += update * update
          }
        }
      }
    }
    return rows.map { row in
      GateStat(
        layer: row.key.layer, part: LayerPart(row.key.direction, row.key.gate),
        weightNorm: row.weights.squareRoot(),
        updateNorm: before == nil ? nil : row.updates.squareRoot(), gradientNorm: nil)
    }
  }

  private struct Key: Hashable {
    let layer: String
    let direction: LayerPart.Direction?
    let gate: String?
  }

  /// Sums of squares.
  private struct Row {
    let key: Key
    var weights = 0.0
    var updates = 0.0
  }
}

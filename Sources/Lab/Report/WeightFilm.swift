import LabFormats
import LabStore

/// The weights of a run's epochs as pictures, a picture a tensor and gate.
struct WeightFilm {
  /// One gate's part of a tensor.
  struct Part {
    let tensor: TensorDescription
    /// The tensor's place in canonical order.
    let index: Int
    let gate: String?
    /// The first of the gate's columns.
    let firstColumn: Int

    func grid(_ values: [Float], limit: Int, scale: Float) -> HeatGrid {
      HeatGrid(rows: tensor.rows, cols: tensor.units, limit: limit, scale: scale) { row, col in
        values[row * tensor.cols + firstColumn + col]
      }
    }
  }

  let parts: [Part]
  /// The greatest magnitude of any shown weight, which has the full shade.
  let scale: Float
  /// Pictures of every part, epoch by epoch.
  let film: Film
  /// The most rows or columns of a picture.
  let limit: Int

  /// Whether some picture shows means of blocks.
  var isReduced: Bool { parts.contains { max($0.tensor.rows, $0.tensor.units) > limit } }

  private static let limits = [48, 32, 24, 16, 12, 8, 6, 4]

  /// Reads a run's film; nil where it stored no weights.
  ///
  /// - Parameters:
  ///   - cells: The most cells of one epoch's pictures, as far as that is possible.
  ///   - room: The most cells of all of them.
  init?(of opened: OpenedRun, cells: Int, room: Int) throws {
    let (run, database) = (opened.id, opened.database)
    let stored = try database.epochs(of: run, storing: .weights)
    guard !stored.isEmpty else { return nil }
    parts = Self.parts(of: try database.tensors(of: run))
    let parts = parts
    let size = { (limit: Int) in
      parts.reduce(0) { $0 + min($1.tensor.rows, limit) * min($1.tensor.units, limit) }
    }
    let limit = Self.limits.first { size($0) <= cells } ?? Self.limits[Self.limits.count - 1]
    self.limit = limit
    let epochs = Sparkline.thinned(stored, to: max(2, room / max(1, size(limit))))
    let values = try epochs.map(opened.weights)
    let scale = values.reduce(0) { greatest, tensors in
      tensors.reduce(greatest) { $1.reduce($0) { $1.isFinite ? max($0, abs($1)) : $0 } }
    }
    self.scale = scale
    film = Film(
      epochs: epochs, stored: stored.count,
      frames: values.map { tensors in
        parts.map { $0.grid(tensors[$0.index], limit: limit, scale: scale) }
      })
  }

  private static func parts(of tensors: [TensorDescription]) -> [Part] {
    tensors.enumerated().flatMap { index, tensor in
      (0..<max(1, tensor.gates.count)).map { gate in
        Part(
          tensor: tensor, index: index, gate: tensor.gates.isEmpty ? nil : tensor.gates[gate],
          firstColumn: gate * tensor.units)
      }
    }
  }
}

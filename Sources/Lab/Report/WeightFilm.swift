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
  /// The epochs that are shown, in order; at least one.
  let epochs: [Int]
  /// The number of epochs whose weights are stored.
  let stored: Int
  /// The greatest magnitude of any shown weight, which has the full shade.
  let scale: Float
  /// Pictures of every part, epoch by epoch.
  let frames: [[HeatGrid]]
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
  init?(of run: Int64, cells: Int, room: Int, in database: LabDatabase) throws {
    let stored = try database.epochs(of: run, storing: .weights)
    guard !stored.isEmpty else { return nil }
    self.stored = stored.count
    parts = Self.parts(of: try database.tensors(of: run))
    let parts = parts
    let size = { (limit: Int) in
      parts.reduce(0) { $0 + min($1.tensor.rows, limit) * min($1.tensor.units, limit) }
    }
    let limit = Self.limits.first { size($0) <= cells } ?? Self.limits[Self.limits.count - 1]
    self.limit = limit
    epochs = Sparkline.thinned(stored, to: max(2, room / max(1, size(limit))))
    let values = try epochs.map { try database.weights(of: run, at: $0).map(\.floats) }
    let scale = values.reduce(0) { greatest, tensors in
      tensors.reduce(greatest) { $1.reduce($0) { $1.isFinite ? max($0, abs($1)) : $0 } }
    }
    self.scale = scale
    frames = values.map { tensors in
      parts.map { $0.grid(tensors[$0.index], limit: limit, scale: scale) }
    }
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

  /// The film for the page's script: a byte a cell, epoch after epoch.
  func json(run: Int) -> JSONText {
    .object([
      "run": .integer(run), "scale": .float(scale), "epochs": .array(epochs.map(JSONText.integer)),
      "parts": .array(
        frames[0].map { .array([.integer($0.rows), .integer($0.cols)]) }),
      "frames": .string(Base64.text(frames.flatMap { $0.flatMap(\.cells) })),
    ])
  }
}

/// Bytes as text (RFC 4648).
enum Base64 {
  private static let digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func text(_ bytes: [Int8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let count = min(3, bytes.count - start)
      var group = 0
      for place in 0..<3 {
        group = group << 8 | (place < count ? Int(UInt8(bitPattern: bytes[start + place])) : 0)
      }
      for place in 0..<4 {
        text.append(place <= count ? digits[group >> (18 - 6 * place) & 63] : 61)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

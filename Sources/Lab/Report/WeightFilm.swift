import LabFormats
import LabStore

/// The weights of a run's epochs as pictures, a picture a tensor and gate.
struct WeightFilm {
  /// One gate's part of a tensor.
  struct Part {
    /// The tensor's place in canonical order.
    let tensor: Int
    let gate: String?
    /// The last epoch's picture.
    let grid: HeatGrid
  }

  let tensors: [TensorDescription]
  let parts: [Part]
  /// For each tensor the magnitude that has the full shade: 99 of 100 weights of the film have less.
  let scales: [Float]
  /// The weights of each epoch, tensor by tensor and row by row.
  let film: Film
  /// The most rows, and the most columns of a gate, that the film has of a tensor.
  private let limit: Int

  /// Whether the film has means of blocks instead of a tensor's weights.
  func isReduced(_ tensor: TensorDescription) -> Bool { max(tensor.rows, tensor.units) > limit }

  private static let limits = [Int.max, 256, 128, 64, 48, 32, 24, 16, 12, 8, 6, 4]
  /// The most rows or columns of the picture that is shown without scripts.
  private static let pictureLimit = 48

  /// The epochs whose weights give the scales of a film of which the page asks for all.
  private static let mostMeasured = 4

  /// The numbers of an epoch where tensors are reduced to a limit.
  private static func size(_ tensors: [TensorDescription], _ limit: Int) -> Int {
    tensors.reduce(0) {
      $0 + min($1.rows, limit) * min($1.units, limit) * max(1, $1.gates.count)
    }
  }

  private static func limit(_ tensors: [TensorDescription], cells: Int) -> Int {
    limits.first { size(tensors, $0) <= cells } ?? limits[limits.count - 1]
  }

  /// The numbers of one epoch, as a film of so many cells has them.
  static func frame(of opened: OpenedRun, at epoch: Int, cells: Int) throws -> [Float] {
    let tensors = try opened.database.tensors(of: opened.id)
    let limit = limit(tensors, cells: cells)
    return try zip(tensors, opened.weights(at: epoch)).flatMap { $0.reduced($1, to: limit) }
  }

  /// Reads a run's film; nil where it stored no weights.
  ///
  /// - Parameters:
  ///   - cells: The most numbers of one epoch, as far as that is possible.
  ///   - room: The most numbers of all of them; nil where the page asks for those of each epoch.
  init?(of opened: OpenedRun, cells: Int, room: Int?) throws {
    let (run, database) = (opened.id, opened.database)
    let stored = try database.epochs(of: run, storing: .weights)
    guard !stored.isEmpty else { return nil }
    let tensors = try database.tensors(of: run)
    self.tensors = tensors
    let limit = Self.limit(tensors, cells: cells)
    self.limit = limit
    let most = room.map { max(2, $0 / max(1, Self.size(tensors, limit))) } ?? Self.mostMeasured
    let epochs = Sparkline.thinned(stored, to: most)
    var last: [[Float]] = []
    let frames = try epochs.map { epoch in
      last = try opened.weights(at: epoch)
      return zip(tensors, last).map { $0.reduced($1, to: limit) }
    }
    let scales = tensors.indices.map { tensor in
      HeatGrid.scale(of: frames.flatMap { $0[tensor] })
    }
    self.scales = scales
    film =
      room == nil
      ? Film(stored: stored)
      : Film(epochs: epochs, stored: stored, frames: frames.map { $0.flatMap(\.self) })
    parts = zip(tensors, last).enumerated().flatMap { index, tensor in
      tensor.0.parts.map { part in
        Part(
          tensor: index, gate: part.gate,
          grid: HeatGrid(
            rows: tensor.0.rows, cols: tensor.0.units, limit: Self.pictureLimit,
            scale: scales[index]
          ) { tensor.1[$0 * tensor.0.cols + part.firstColumn + $1] })
      }
    }
  }

  /// The film for the page's script.
  func json(key: String) -> JSONText {
    film.json(
      key: key,
      layout: [
        "tensors": .array(
          zip(tensors, scales).map { tensor, scale in
            .object([
              "path": .string(tensor.path), "rows": .integer(tensor.rows),
              "units": .integer(tensor.units),
              "gates": .array(tensor.gates.map(JSONText.string)),
              "source": tensor.source.map { .string($0.rawValue) }, "scale": .float(scale),
              // How many of them the film has.
              "shown": .array([
                .integer(min(tensor.rows, limit)), .integer(min(tensor.units, limit)),
              ]),
            ])
          })
      ])
  }
}

extension TensorDescription {
  /// Its gates with the first column of each; a tensor without gates is one part.
  fileprivate var parts: [(gate: String?, firstColumn: Int)] {
    gates.isEmpty ? [(nil, 0)] : gates.enumerated().map { ($1, $0 * units) }
  }

  /// The values, or the means of blocks where a gate has more rows or columns than the limit.
  fileprivate func reduced(_ values: [Float], to limit: Int) -> [Float] {
    guard max(rows, units) > limit else { return values }
    let means = parts.map { part in
      HeatGrid.means(rows: rows, cols: units, limit: limit) {
        values[$0 * cols + part.firstColumn + $1]
      }
    }
    let width = min(units, limit)
    return (0..<min(rows, limit)).flatMap { row in
      means.flatMap { $0[row * width..<(row + 1) * width] }
    }
  }
}

import LSTMEngine
import LabFormats
import LabStore

/// A few training samples in a run's epochs, as the page shows them over time and in the cell's picture.
struct SampleFilm {
  /// The samples in the last epoch of the film; they have the same sizes in every epoch.
  let samples: [TracedSample]
  /// Sample by sample and layer by layer the planes, step by step, then the output, row by row.
  let film: Film
  /// Whether the numbers are those that the run recorded, or were computed from its weights.
  let isRecorded: Bool
  /// The magnitude that has the full shade, for each plane of each layer of each sample.
  private let scales: [[[Float]]]
  /// The most units, or inputs, that the film has of a plane.
  private let units: Int

  private static let limits = [Int.max, 128, 64, 32, 16, 8, 4, 2, 1]
  private static let pictureLimits = [64, 48, 32, 16, 8, 4]

  /// How much there is room for.
  struct Room {
    /// The most samples.
    let samples: Int
    /// The most cells of the pictures of one layer, as far as that is possible.
    let cells: Int
    /// The most numbers of all epochs, as far as that is possible.
    let numbers: Int
  }

  /// Reads what a run recorded; nil where it recorded nothing.
  ///
  /// - Throws: `LabError` where what is recorded does not fit the model.
  init?(recordedBy opened: OpenedRun, _ room: Room) throws {
    let stored = try opened.database.epochs(of: opened.id, storing: .activations)
    guard !stored.isEmpty else { return nil }
    let recorded = try RecordedGates(of: opened, samples: room.samples)
    try self.init(stored, isRecorded: true, room, samples: recorded.samples)
  }

  /// Computes samples from the stored weights; nil where the model has no recurrent layer.
  ///
  /// - Parameter numbers: Which samples; the first ones where none are named.
  /// - Throws: `LabError` where the data are missing.
  init?(computedFor opened: OpenedRun, samples numbers: [Int]?, _ room: Room, plan: TrainingPlan)
    throws
  {
    let inspected = try InspectedRun(opened, split: nil, plan: plan)
    let stored = try opened.database.epochs(of: opened.id, storing: .weights)
    let last = inspected.weights.epoch
    try self.init(
      stored.isEmpty ? [last] : stored, isRecorded: false, room
    ) { epoch in
      let network = try epoch == last ? inspected.network : inspected.network(at: epoch)
      let numbers = numbers ?? Array(0..<min(room.samples, inspected.samples.count))
      return try numbers.map {
        TracedSample(try inspected.checked(sample: $0), of: inspected, by: network)
      }
    }
  }

  private init?(
    _ stored: [Int], isRecorded: Bool, _ room: Room,
    samples: (_ epoch: Int) throws -> [TracedSample]
  ) throws {
    let last = try samples(stored[stored.count - 1])
    guard last.contains(where: { !$0.layers.isEmpty }) else { return nil }
    let units = Self.limits.first { units in
      2 * last.reduce(0) { $0 + $1.numbers(units: units).count } <= room.numbers
    }
    self.units = units ?? 1
    self.samples = last
    self.isRecorded = isRecorded
    let size = last.reduce(0) { $0 + $1.numbers(units: units ?? 1).count }
    let shown = Sparkline.thinned(stored, to: max(2, room.numbers / max(1, size)))
    let shape = last.map(\.shape)
    let epochs =
      try shown.dropLast().map { (epoch: $0, samples: try samples($0)) }
      .filter { $0.samples.map(\.shape) == shape } + [(stored[stored.count - 1], last)]
    scales = last.indices.map { sample in
      last[sample].layers.indices.map { layer in
        last[sample].layers[layer].planes.indices.map { plane in
          Self.scale(of: epochs.map { $0.samples[sample].layers[layer].planes[plane] })
        }
      }
    }
    film = Film(
      epochs: epochs.map(\.epoch), stored: stored,
      frames: epochs.map { $0.samples.flatMap { $0.numbers(units: units ?? 1) } })
  }

  /// 1 for a gate that is a part of something, else the greatest magnitude in any epoch.
  private static func scale(of planes: [TracedSample.Plane]) -> Float {
    if planes[0].kind == .gate { return 1 }
    return planes.reduce(0) { greatest, plane in
      plane.values.reduce(greatest) { greatest, step in
        step.reduce(greatest) { $1.isFinite ? max($0, $1.magnitude) : $0 }
      }
    }
  }

  /// What has to be said of a layer of which not every unit or input is in the page.
  func note(_ layer: TracedSample.Layer) -> String? {
    let most = layer.planes.map(\.width).max() ?? 0
    return most > units ? "the first \(units) of \(most)" : nil
  }

  /// The pictures of a layer in the last epoch, for those who see the page without scripts.
  func pictures(_ sample: Int, _ layer: Int, cells: Int) -> [(name: String, grid: HeatGrid)] {
    let (shown, steps) = (samples[sample].layers[layer], samples[sample].steps)
    let limit =
      Self.pictureLimits.first { limit in
        shown.quantities.reduce(0) { $0 + min($1.width, limit) * min(steps, limit) } <= cells
      } ?? 4
    return zip(shown.planes, scales[sample][layer]).compactMap { plane, scale in
      guard shown.quantities.contains(where: { $0.name == plane.name }) else { return nil }
      return (
        plane.name,
        HeatGrid(rows: plane.width, cols: plane.values.count, limit: limit, scale: scale) {
          plane.values[$1][$0]
        }
      )
    }
  }

  /// The film for the page's script.
  func json(key: String) -> JSONText {
    film.json(
      key: key,
      layout: [
        "samples": .array(zip(samples, scales).map { $0.json(scales: $1, units: units) })
      ])
  }
}

extension TracedSample {
  /// What is the same in all epochs of a film.
  fileprivate var shape: [Int] { [number, steps] }

  /// The numbers of an epoch in the film's order.
  fileprivate func numbers(units: Int) -> [Float] {
    layers.flatMap { layer in
      layer.planes.flatMap { plane in plane.values.flatMap { $0.prefix(units) } }
    } + output.flatMap(\.self)
  }

  fileprivate func json(scales: [[Float]], units: Int) -> JSONText {
    .object([
      "sample": .integer(number), "steps": .integer(steps),
      "characters": characters.map { .array($0.map(JSONText.string)) },
      "layers": .array(
        zip(layers, scales).map { layer, scales in
          .object([
            "layer": .string(layer.name), "direction": layer.direction.map { .string($0.rawValue) },
            "cell": layer.cell.map { .string($0.cell.rawValue) },
            "activation": layer.cell.map { .string($0.activation.rawValue) },
            "gate": layer.cell.map { .string($0.recurrentActivation.rawValue) },
            "planes": .array(
              zip(layer.planes, scales).map { plane, scale in
                .object([
                  "name": .string(plane.name), "kind": .string(plane.kind.rawValue),
                  "width": .integer(min(plane.width, units)), "of": .integer(plane.width),
                  "scale": .float(scale),
                ])
              }),
          ])
        }),
      "output": .array(output.map { .integer($0.count) }),
      "target": .array(target.map { .array($0.map { $0.isFinite ? .float($0) : .null }) }),
    ])
  }
}

extension InspectedRun {
  /// The model with the weights of another stored epoch.
  fileprivate func network(at epoch: Int) throws -> NetworkInspection {
    let stored = try StoredWeights(weights.opened, at: epoch)
    return NetworkInspection(
      description.layers, features: description.features, weights: stored.values(for: description))
  }
}

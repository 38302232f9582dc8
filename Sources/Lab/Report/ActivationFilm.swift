import LSTMEngine
import LabFormats
import LabStore

/// The gates and states of a few training samples over their time steps as pictures: rows are units.
///
/// They are those that the run recorded, epoch by epoch; of a run that recorded none they are
/// computed from the weights of its result.
struct ActivationFilm {
  /// The samples' layers in the order of the pictures; those of an epoch have the same names and
  /// sizes in every epoch.
  let layers: [LayerGates]
  let film: Film
  let isRecorded: Bool
  /// The most rows or columns of a picture.
  private let limit: Int

  private static let limits = [64, 48, 32, 16, 8, 4]

  /// How much there is room for.
  struct Room {
    /// The most samples.
    let samples: Int
    /// The most cells of one sample's layer in one epoch, as far as that is possible.
    let cells: Int
    /// The most cells of all epochs.
    let allCells: Int
  }

  /// Whether a layer's pictures show means of blocks.
  func isReduced(_ layer: LayerGates) -> Bool { max(layer.steps, layer.units) > limit }

  /// Reads what a run recorded, or computes it where it recorded nothing; nil where the model has
  /// nothing to show over time.
  ///
  /// - Parameter plan: Loads the run's data.
  /// - Throws: `LabError` where what is recorded does not fit the model, or data are missing.
  init?(of opened: OpenedRun, _ room: Room, plan: () throws -> TrainingPlan) throws {
    let stored = try opened.database.epochs(of: opened.id, storing: .activations)
    let recorded = try RecordedGates(of: opened, samples: room.samples)
    isRecorded = !stored.isEmpty
    let last =
      try stored.last.map { (epoch: $0, layers: try recorded.layers(at: $0)) }
      ?? LayerGates.computed(of: opened, samples: room.samples, plan: plan())
    guard !last.layers.isEmpty else { return nil }
    layers = last.layers
    let limit = Self.limit(of: layers, cells: room.cells)
    self.limit = limit
    let size = layers.reduce(0) { $0 + $1.cells(limit: limit) }
    // Of a long run not more is read than is shown.
    let shown = Sparkline.thinned(stored, to: max(2, room.allCells / max(1, size)))
    let shape = last.layers.map(\.shape)
    let epochs =
      try shown.dropLast().map { (epoch: $0, layers: try recorded.layers(at: $0)) }
      .filter { $0.layers.map(\.shape) == shape } + [last]
    let scales = Self.scales(of: epochs.map(\.layers))
    film = Film(
      epochs: epochs.map(\.epoch), stored: max(1, stored.count),
      frames: epochs.map { epoch in
        zip(epoch.layers, scales).flatMap { $0.grids(limit: limit, scales: $1) }
      })
  }

  private static func limit(of layers: [LayerGates], cells: Int) -> Int {
    limits.first { limit in layers.allSatisfy { $0.cells(limit: limit) <= cells } } ?? 4
  }

  /// What has the full shade, the same in all epochs: 1 for a gate that is a part of something, else
  /// the greatest magnitude.
  private static func scales(of epochs: [[LayerGates]]) -> [[Float]] {
    epochs[0].indices.map { layer in
      epochs[0][layer].quantities.indices.map { quantity in
        if epochs[0][layer].quantities[quantity].isPart { return 1 }
        return epochs.reduce(0) { greatest, layers in
          layers[layer].quantities[quantity].values.reduce(greatest) { greatest, step in
            step.reduce(greatest) { $1.isFinite ? max($0, abs($1)) : $0 }
          }
        }
      }
    }
  }
}

/// One layer's gates and states of one sample in one epoch.
struct LayerGates {
  let sample: Int
  let layer: String
  /// Each with its values, step by step: (T, H).
  var quantities: [(name: String, isPart: Bool, values: [[Float]])]

  /// The layers of an epoch.
  typealias Epoch = (epoch: Int, layers: [LayerGates])

  var steps: Int { quantities[0].values.count }
  var units: Int { quantities[0].values[0].count }

  /// What is the same in all epochs of a film.
  var shape: [Int] { [sample, steps] }

  /// The cells of all pictures of at most so many rows and columns.
  func cells(limit: Int) -> Int { quantities.count * min(units, limit) * min(steps, limit) }

  /// The pictures, one a quantity.
  func grids(limit: Int, scales: [Float]) -> [HeatGrid] {
    zip(quantities, scales).map { quantity, scale in
      HeatGrid(rows: units, cols: steps, limit: limit, scale: scale) { unit, step in
        quantity.values[step][unit]
      }
    }
  }

  /// Computes the first samples with the weights of a run's result.
  static func computed(
    of opened: OpenedRun, samples: Int, plan: TrainingPlan
  ) throws -> Epoch {
    let inspected = try InspectedRun(opened, split: nil, plan: plan)
    let network = inspected.network
    let layers = (0..<min(samples, inspected.samples.count)).flatMap { sample in
      // Layers without gates and states have nothing to show over time.
      network.trace(inspected.samples.sequence(sample)).layers.filter { $0.units > 0 }.map {
        LayerGates(
          sample: sample, layer: $0.layer,
          quantities: $0.quantities.map { ($0.name, $0.kind.isPart, $0.values) })
      }
    }
    return (inspected.weights.epoch, layers)
  }
}

import LabFormats
import LabStore

/// The gates and states that a run recorded.
struct RecordedGates {
  private let run: Int64
  /// The most samples.
  private let samples: Int
  private let quantities: [ActivationDescription]
  private let database: LabDatabase

  init(of run: Int64, samples: Int, in database: LabDatabase) throws {
    self.run = run
    self.samples = samples
    self.database = database
    quantities = try database.activationDescriptions(of: run)
  }

  /// Reads the layers of the first of the recorded samples in an epoch.
  ///
  /// - Throws: `LabError` where the recorded numbers are not whole steps.
  func layers(at epoch: Int) throws -> [LayerGates] {
    try database.activations(of: run, at: epoch).prefix(samples).flatMap { recorded in
      let floats = recorded.values.floats
      // A damaged database may name more units than can be added up.
      let fits = !quantities.isEmpty && quantities.allSatisfy { $0.units <= floats.count }
      let width = fits ? quantities.reduce(0) { $0 + $1.units } : 0
      guard width > 0, !floats.isEmpty, floats.count.isMultiple(of: width) else {
        throw LabError(
          .data, "the recorded gates of epoch \(epoch) do not fit the model",
          where: "\(database.path), run \(run)",
          next: "the database was damaged or changed; restore a backup")
      }
      return layers(of: recorded.sample, floats, width: width)
    }
  }

  /// - Parameter width: The numbers of a step.
  private func layers(of sample: Int, _ floats: [Float], width: Int) -> [LayerGates] {
    var first = 0
    var units = 0
    var layers: [(name: String, quantities: [(name: String, values: [[Float]])])] = []
    for quantity in quantities {
      let values = stride(from: first, to: floats.count, by: width).map {
        Array(floats[$0..<$0 + quantity.units])
      }
      first += quantity.units
      let isNext = layers.last?.name == quantity.layer && units == quantity.units
      if !isNext { layers.append((quantity.layer, [])) }
      units = quantity.units
      layers[layers.count - 1].quantities.append((quantity.gate, values))
    }
    return layers.map { LayerGates(sample: sample, layer: $0.name, quantities: $0.quantities) }
  }
}

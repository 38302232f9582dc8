import LSTMEngine
import LabFormats
import LabStore

/// The gates and states that a run recorded.
struct RecordedGates {
  private let opened: OpenedRun
  /// The most samples.
  private let samples: Int
  private let quantities: [ActivationDescription]

  init(of opened: OpenedRun, samples: Int) throws {
    self.opened = opened
    self.samples = samples
    quantities = try opened.database.activationDescriptions(of: opened.id)
  }

  /// Reads the layers of the first of the recorded samples in an epoch.
  ///
  /// - Throws: `LabError` where the recorded numbers are not whole steps.
  func layers(at epoch: Int) throws -> [LayerGates] {
    try opened.database.activations(of: opened.id, at: epoch).prefix(samples).flatMap { recorded in
      let floats = recorded.values.floats
      // A damaged database may name more units than can be added up.
      let fits = !quantities.isEmpty && quantities.allSatisfy { $0.units <= floats.count }
      let width = fits ? quantities.reduce(0) { $0 + $1.units } : 0
      guard width > 0, !floats.isEmpty, floats.count.isMultiple(of: width) else {
        throw LabError(
          .data, "the stored gates of epoch \(epoch) do not fit the model",
          where: opened.place, next: "the database was damaged or changed; restore a backup")
      }
      return layers(of: recorded.sample, floats, width: width)
    }
  }

  /// - Parameter width: The numbers of a step.
  private func layers(of sample: Int, _ floats: [Float], width: Int) -> [LayerGates] {
    var first = 0
    var units = 0
    var layers: [LayerGates] = []
    for quantity in quantities {
      let values = stride(from: first, to: floats.count, by: width).map {
        Array(floats[$0..<$0 + quantity.units])
      }
      first += quantity.units
      let isNext = layers.last?.layer == quantity.layer && units == quantity.units
      if !isNext {
        layers.append(LayerGates(sample: sample, layer: quantity.layer, quantities: []))
      }
      units = quantity.units
      let isPart = quantity.part.name.flatMap(Quantity.init)?.isPart ?? false
      layers[layers.count - 1].quantities.append((quantity.gate, isPart, values))
    }
    return layers
  }
}

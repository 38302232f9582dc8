import LSTMEngine
import LabFormats
import LabStore

/// The gates and states that a run recorded.
struct RecordedGates {
  private let recorded: RecordedActivations
  /// The most samples.
  private let samples: Int

  init(of opened: OpenedRun, samples: Int) throws {
    recorded = try RecordedActivations(of: opened)
    self.samples = samples
  }

  /// Reads the layers of the first of the recorded samples in an epoch.
  ///
  /// - Throws: `LabError` where the recorded numbers are not whole steps.
  func layers(at epoch: Int) throws -> [LayerGates] {
    try recorded.samples(at: epoch).prefix(samples).flatMap { sample in
      var units = 0
      return sample.quantities.reduce(into: [LayerGates]()) { layers, quantity in
        let (description, values) = quantity
        let isNext = layers.last?.layer == description.layer && units == description.units
        if !isNext {
          layers.append(
            LayerGates(sample: sample.number, layer: description.layer, quantities: []))
        }
        units = description.units
        let isPart = description.part.name.flatMap(Quantity.init)?.isPart ?? false
        layers[layers.count - 1].quantities.append((description.gate, isPart, values))
      }
    }
  }
}

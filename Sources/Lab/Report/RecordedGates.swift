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

  /// Reads the first of the recorded samples in an epoch.
  ///
  /// - Throws: `LabError` where the recorded numbers are not whole steps.
  func samples(at epoch: Int) throws -> [TracedSample] {
    try recorded.samples(at: epoch).prefix(samples).map { sample in
      var layers: [TracedSample.Layer] = []
      for (description, values) in sample.quantities {
        let direction = description.part.direction.flatMap { Direction(rawValue: $0.rawValue) }
        let isSame =
          layers.last.map {
            $0.name == description.layer && $0.direction == direction
              && $0.planes[0].width == description.units
          } ?? false
        if !isSame {
          layers.append(
            TracedSample.Layer(
              name: description.layer, direction: direction, cell: nil, planes: []))
        }
        let kind = description.part.name.flatMap(Quantity.init)
        layers[layers.count - 1].planes.append(
          TracedSample.Plane(
            name: description.gate, kind: kind?.plane ?? .candidate, values: values))
      }
      return TracedSample(
        number: sample.number, steps: sample.quantities[0].values.count, layers: layers)
    }
  }
}

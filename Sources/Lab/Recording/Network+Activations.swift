import Foundation
import LSTMEngine
import LabStore

extension Network {
  /// Computes some samples with the present weights and returns their gates and states as they are
  /// stored: step after step, in each the layers' quantities in order. Every NaN has the same bits.
  func activations(of samples: [Int], in set: SampleSet) -> [Activations] {
    let snapshot = snapshot()
    let inspection = NetworkInspection(
      description.layers, features: description.features,
      weights: layout.tensors.map { $0.values(in: snapshot.weights) }, kernels: kernels)
    return samples.map { sample in
      let trace = inspection.trace(set.sequence(sample))
      let quantities = trace.layers.flatMap(\.quantities)
      let values = set.rows(of: sample).indices.flatMap { row in
        quantities.flatMap { $0.values[row - set.rows(of: sample).lowerBound] }
      }
      return Activations(sample: sample, values: Data(values.withOneNaN))
    }
  }
}

extension NetworkDescription {
  /// The gates and states that are recorded at each time step, in order.
  var activationDescriptions: [ActivationDescription] {
    layers.flatMap { layer in
      layer.quantities.map {
        ActivationDescription(
          layer: layer.name, part: LayerPart($0.direction, $0.kind.rawValue), units: $0.units)
      }
    }
  }
}

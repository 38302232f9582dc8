package import Foundation

/// The gates and states of one sample in one epoch.
package struct Activations: Equatable, Sendable {
  /// The sample's number in the training data.
  package let sample: Int
  /// Step after step, and in each the run's quantities in order: little-endian float32.
  package let values: Data

  /// There are whole steps in `values`.
  package init(sample: Int, values: Data) {
    self.sample = sample
    self.values = values
  }
}

/// A gate or state whose values are recorded at each time step.
package struct ActivationDescription: Equatable, Sendable {
  /// The layer's name.
  package let layer: String
  /// `forget`, `hidden_state`, …; in a two-way layer `backward/forget`.
  package let part: LayerPart
  /// The number of values.
  package let units: Int

  /// Describes a gate or state.
  package init(layer: String, part: LayerPart, units: Int) {
    self.layer = layer
    self.part = part
    self.units = units
  }

  /// The gate or state as the file has it.
  package var gate: String { part.text ?? "" }

  /// BLOBs that a step's values are stored in.
  var pieces: Int { VectorLayout.pieces(units, of: VectorLayout.predictionValues) }
}

package import Foundation

/// One kind of state an optimizer keeps for each weight.
package struct OptimizerSlot: Equatable, Sendable {
  /// As Keras calls it: `momentum`, `velocity`, …
  package let name: String
  /// One value a tensor in canonical order, row by row, little-endian float32.
  package let tensors: [Data]

  /// Makes a slot.
  package init(name: String, tensors: [Data]) {
    self.name = name
    self.tensors = tensors
  }
}

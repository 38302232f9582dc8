/// Norms of one gate of one layer over an epoch.
package struct GateStat: Equatable, Sendable {
  /// The layer's name.
  package let layer: String
  /// The gate, or all of a layer without gates.
  package let part: LayerPart
  /// Euclidean norm of the gate's weights at the end of the epoch.
  package let weightNorm: Double
  /// Euclidean norm of the whole epoch's change; nil in a run's first state, which has none.
  package let updateNorm: Double?
  /// Euclidean norm of the gradient of the epoch's last batch; nil in a run's first state.
  package let gradientNorm: Double?

  /// The gate as the file has it.
  var gate: String? { part.text }

  /// Makes a row of norms.
  package init(
    layer: String, part: LayerPart, weightNorm: Double, updateNorm: Double?, gradientNorm: Double?
  ) {
    self.layer = layer
    self.part = part
    self.weightNorm = weightNorm
    self.updateNorm = updateNorm
    self.gradientNorm = gradientNorm
  }
}

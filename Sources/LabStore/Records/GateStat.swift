/// Norms of one gate of one layer over an epoch.
package struct GateStat: Equatable, Sendable {
  /// The layer's name.
  package let layer: String
  /// The gate; nil for a layer without gates.
  package let gate: String?
  /// Euclidean norm of the gate's weights at the end of the epoch.
  package let weightNorm: Double
  /// Euclidean norm of the whole epoch's change; nil in a run's first state, which has none.
  package let updateNorm: Double?
  /// Euclidean norm of the gradient of the epoch's last batch; nil in a run's first state.
  package let gradientNorm: Double?

  /// Makes a row of norms.
  package init(
    layer: String, gate: String?, weightNorm: Double, updateNorm: Double?, gradientNorm: Double?
  ) {
    self.layer = layer
    self.gate = gate
    self.weightNorm = weightNorm
    self.updateNorm = updateNorm
    self.gradientNorm = gradientNorm
  }
}

/// Limits on the gradients of a step. Values are limited first, norms of what is left then.
package struct GradientClipping: Equatable, Sendable {
  /// The most that an element may be away from zero; nil for no limit.
  package var value: Double?
  /// A limit on Euclidean norms; nil for none.
  package var norm: Norm?

  /// A limit on Euclidean norms. What is longer is scaled down to the limit; what is not keeps its
  /// bits.
  package enum Norm: Equatable, Sendable {
    /// On the norm of each weight tensor's gradient: Keras's `clipnorm`.
    case ofEachTensor(Double)
    /// On the norm of all gradients together: Keras's `global_clipnorm`.
    case ofAll(Double)
  }

  /// By default nothing is limited.
  package init(value: Double? = nil, norm: Norm? = nil) {
    self.value = value
    self.norm = norm
  }
}

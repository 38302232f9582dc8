/// A function of a layer's pre-activations, by its Keras name: of each alone, but for softmax.
package enum Activation: String, CaseIterable, Sendable {
  /// x.
  case linear
  /// 1 / (1 + e⁻ˣ).
  case sigmoid
  /// The hyperbolic tangent.
  case tanh
  /// The greater of x and 0.
  case relu
  /// eˣ over the sum of its row; dense layers only.
  case softmax
}

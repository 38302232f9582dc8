/// An element-wise function of a layer, by its Keras name.
package enum Activation: String, CaseIterable, Sendable {
  case linear
  case sigmoid
  case tanh
  case relu
  case softmax
}

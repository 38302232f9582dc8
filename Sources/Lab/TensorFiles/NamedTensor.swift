/// An array of float32 with a name, as weight files hold them.
package struct NamedTensor: Equatable, Sendable {
  package var name: String
  package var shape: [Int]
  /// The values in row-major order.
  package var values: [Float]

  package init(name: String, shape: [Int], values: [Float]) {
    precondition(
      FloatArray.count(of: shape) == values.count,
      "\(name): shape \(shape) with \(values.count) values")
    self.name = name
    self.shape = shape
    self.values = values
  }
}

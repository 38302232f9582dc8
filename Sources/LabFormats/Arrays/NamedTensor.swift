/// An array of float32 with a name, as weight files hold them.
package struct NamedTensor: Equatable, Sendable {
  /// The name, unique in its file.
  package var name: String
  /// The lengths of the axes.
  package var shape: [Int]
  /// The values in row-major order.
  package var values: [Float]

  /// There must be as many values as the shape has places.
  package init(name: String, shape: [Int], values: [Float]) {
    precondition(
      FloatArray.count(of: shape) == values.count,
      "\(name): shape \(shape) with \(values.count) values")
    self.name = name
    self.shape = shape
    self.values = values
  }
}

/// A rectangular array of numbers in row-major order.
package struct FloatArray: Equatable, Sendable {
  /// The lengths of the axes; none for a single number.
  package var shape: [Int]
  /// The numbers, as many as the product of the lengths.
  package var values: [Float]
  /// The same numbers as they were read, where they are wanted and some are no float32.
  package var doubles: [Double]?

  /// There must be as many values as the shape has places.
  package init(shape: [Int], values: [Float]) {
    precondition(Self.count(of: shape) == values.count, "shape \(shape), \(values.count) values")
    self.shape = shape
    self.values = values
  }

  /// The product of the lengths, or nil when it overflows or a length is negative.
  package static func count(of shape: [Int]) -> Int? {
    if shape.contains(where: { $0 < 0 }) { return nil }
    if shape.contains(0) { return 0 }
    var product = 1
    for length in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: length)
      if overflow { return nil }
      product = next
    }
    return product
  }

  /// The position along each axis of the value at `offset`, as `[2][0][1]`.
  package static func place(of offset: Int, in shape: [Int]) -> String {
    var rest = offset
    var indices: [Int] = []
    for length in shape.reversed() {
      indices.append(rest % max(length, 1))
      rest /= max(length, 1)
    }
    return indices.reversed().map { "[\($0)]" }.joined()
  }
}

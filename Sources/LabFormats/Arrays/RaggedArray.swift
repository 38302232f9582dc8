/// Numbers for each sample: one, a row of them, or a row for each of its time steps.
///
/// Samples may differ in the length of their second axis, which is stored without padding.
package struct RaggedArray: Equatable, Sendable {
  /// The number of axes, the samples' included: 1 to 3.
  package let axes: Int
  /// The length of each sample's second axis; 1 where there is none.
  package let lengths: [Int]
  /// The length of the third axis; 1 where there is none.
  package let width: Int
  /// The numbers, sample after sample: (Σ lengths, width).
  package let values: [Float]

  /// There must be as many values as the lengths need.
  package init(axes: Int, lengths: [Int], width: Int = 1, values: [Float]) {
    precondition((1...3).contains(axes), "\(axes) axes")
    precondition(axes == 3 || width == 1, "\(axes) axes, \(width) wide")
    let rows = lengths.reduce(0, +)
    precondition(rows * width == values.count, "\(rows) × \(width) ≠ \(values.count)")
    self.axes = axes
    self.lengths = lengths
    self.width = width
    self.values = values
  }

  /// Takes a rectangular array of 1 to 3 axes.
  package init(_ array: FloatArray) {
    let shape = array.shape
    precondition((1...3).contains(shape.count), "shape \(shape)")
    self.init(
      axes: shape.count,
      lengths: Array(repeating: shape.count > 1 ? shape[1] : 1, count: shape[0]),
      width: shape.count > 2 ? shape[2] : 1, values: array.values)
  }

  /// The number of samples.
  package var count: Int { lengths.count }

  /// Whether the second axis is equally long everywhere.
  package var isRectangular: Bool { lengths.allSatisfy { $0 == lengths.first } }

  /// Returns the shape of one sample's numbers: `[]`, `[L]` or `[L, width]`.
  package func shape(of sample: Int) -> [Int] {
    switch axes {
    case 1: []
    case 2: [lengths[sample]]
    default: [lengths[sample], width]
    }
  }

  /// Returns the position along each axis of the value at `offset`, as `[2][0][1]`.
  package func place(of offset: Int) -> String {
    var sample = 0
    var rest = offset / width
    while rest >= lengths[sample] {
      rest -= lengths[sample]
      sample += 1
    }
    let indices = [sample, rest, offset % width].prefix(axes)
    return indices.map { "[\($0)]" }.joined()
  }

  /// Returns the samples with the given numbers, in that order.
  package func selecting(_ samples: [Int]) -> RaggedArray {
    let starts = starts
    var chosen: [Float] = []
    chosen.reserveCapacity(samples.reduce(0) { $0 + lengths[$1] } * width)
    for sample in samples {
      chosen += values[starts[sample]..<starts[sample] + lengths[sample] * width]
    }
    return RaggedArray(
      axes: axes, lengths: samples.map { lengths[$0] }, width: width, values: chosen)
  }

  /// Returns the first rows of each sample, or the last, as many as `lengths` says; none may have fewer.
  package func trimmed(to lengths: [Int], fromStart: Bool = false) -> RaggedArray {
    guard lengths != self.lengths else { return self }
    let starts = starts
    var kept: [Float] = []
    kept.reserveCapacity(lengths.reduce(0, +) * width)
    for (sample, length) in lengths.enumerated() {
      precondition(length <= self.lengths[sample], "\(length) of \(self.lengths[sample]) rows")
      let dropped = fromStart ? self.lengths[sample] - length : 0
      let start = starts[sample] + dropped * width
      kept += values[start..<start + length * width]
    }
    return RaggedArray(axes: axes, lengths: lengths, width: width, values: kept)
  }

  /// The place of each sample's first value.
  private var starts: [Int] {
    var next = 0
    return lengths.map { length in
      defer { next += length * width }
      return next
    }
  }
}

/// Numbers for each sample: one, a row of them, or a row for each of its time steps.
///
/// Samples may differ in the length of their second axis, which is stored without padding.
package struct RaggedArray: Equatable, Sendable {
  /// The number of axes, the samples' included: 1 to 3.
  package let axes: Int
  /// The length of each sample's second axis; 1 where there is none.
  package let lengths: Progression
  /// The length of the third axis; 1 where there is none.
  package let width: Int
  /// The numbers, sample after sample: (Σ lengths, width).
  package let values: [Float]
  /// The same numbers as they were read, where they are wanted.
  package private(set) var doubles: [Double]?

  /// There must be as many values as the lengths need.
  package init(
    axes: Int, lengths: [Int], width: Int = 1, values: [Float], doubles: [Double]? = nil
  ) {
    self.init(
      axes: axes, lengths: Progression(lengths), width: width, values: values, doubles: doubles)
  }

  /// Takes lengths that may all be the same.
  package init(
    axes: Int, lengths: Progression, width: Int = 1, values: [Float], doubles: [Double]? = nil
  ) {
    precondition((1...3).contains(axes), "\(axes) axes")
    precondition(axes == 3 || width == 1, "\(axes) axes, \(width) wide")
    let rows = lengths.isConstant ? lengths.count * (lengths.first ?? 0) : lengths.reduce(0, +)
    precondition(rows * width == values.count, "\(rows) × \(width) ≠ \(values.count)")
    precondition(doubles.map { $0.count == values.count } ?? true, "not \(values.count) doubles")
    self.axes = axes
    self.lengths = lengths
    self.width = width
    self.values = values
    self.doubles = doubles
  }

  /// Takes a rectangular array of 1 to 3 axes.
  package init(_ array: FloatArray) {
    let shape = array.shape
    precondition((1...3).contains(shape.count), "shape \(shape)")
    self.init(
      axes: shape.count,
      lengths: Progression(repeating: shape.count > 1 ? shape[1] : 1, count: shape[0]),
      width: shape.count > 2 ? shape[2] : 1, values: array.values, doubles: array.doubles)
  }

  /// The array with float64 numbers, whether or not one needs them.
  package var withDoubles: RaggedArray {
    var array = self
    array.doubles = doubles ?? values.map(Double.init)
    return array
  }

  /// The array whose values are what its float64 numbers round to: in the last bit of a very few, the
  /// text that they were read from was rounded to something else.
  package var roundedTwice: RaggedArray {
    guard let doubles else { return self }
    return RaggedArray(
      axes: axes, lengths: lengths, width: width, values: doubles.map(Float.init), doubles: doubles)
  }

  /// The array with nothing but float32 values.
  package var withoutDoubles: RaggedArray {
    var array = self
    array.doubles = nil
    return array
  }

  /// The number of samples.
  package var count: Int { lengths.count }

  /// Whether the second axis is equally long everywhere.
  package var isRectangular: Bool { lengths.isConstant }

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
    return picking(Progression(samples.lazy.map { lengths[$0] })) { starts[samples[$0]] }
  }

  /// Returns the first rows of each sample, or the last, as many as `lengths` says; none may have fewer.
  package func trimmed(to lengths: [Int], fromStart: Bool = false) -> RaggedArray {
    guard !lengths.elementsEqual(self.lengths) else { return self }
    let starts = starts
    return picking(Progression(lengths)) { sample in
      let (length, all) = (lengths[sample], self.lengths[sample])
      precondition(length <= all, "\(length) of \(all) rows")
      return starts[sample] + (fromStart ? all - length : 0) * width
    }
  }

  /// Returns the array of samples of the given lengths.
  ///
  /// - Parameter start: Returns where the values of one stand.
  private func picking(_ lengths: Progression, from start: (Int) -> Int) -> RaggedArray {
    func picked<Number>(_ numbers: [Number]) -> [Number] {
      var kept: [Number] = []
      kept.reserveCapacity(lengths.reduce(0, +) * width)
      for (sample, length) in lengths.enumerated() {
        let first = start(sample)
        kept += numbers[first..<first + length * width]
      }
      return kept
    }
    return RaggedArray(
      axes: axes, lengths: lengths, width: width, values: picked(values),
      doubles: doubles.map(picked))
  }

  /// The place of each sample's first value.
  private var starts: Progression {
    var starts = Progression()
    var next = 0
    for length in lengths {
      starts.append(next)
      next += length * width
    }
    return starts
  }
}

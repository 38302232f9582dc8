import LSTMEngine

extension [Float] {
  /// The same numbers, each NaN as `Float.nan`: what bits ∞ − ∞ has depends on the processor.
  var withOneNaN: [Float] {
    contains(where: \.isNaN) ? map { $0.isNaN ? .nan : $0 } : self
  }
}

extension SampleSet {
  /// Returns numbers of each row of the targets as they are stored: as many for every sample.
  ///
  /// Where rows are time steps and samples differ in length, the steps that a sample does not have are NaN,
  /// which the views leave out. Every NaN has the same bits.
  ///
  /// - Parameter width: How many numbers a row has.
  func recorded(_ rows: [Float], width: Int) -> [Float] {
    precondition(rows.count == outputRows * width, "\(rows.count) ≠ \(outputRows)·\(width)")
    guard targets.rows != count, !areEquallyLong else { return rows.withOneNaN }
    return (0..<count).flatMap { sample in
      let own = self.rows(of: sample)
      return Array(rows[own.lowerBound * width..<own.upperBound * width]).withOneNaN
        + [Float](repeating: .nan, count: (steps - own.count) * width)
    }
  }
}

extension SampleSet {
  /// The targets as numbers, one an output; a class is one among zeros.
  func targetValues(outputs: Int) -> [Float] {
    if let unscaled { return unscaled.values }
    return switch outputTargets {
    case .values(let values, _): values
    case .classes(let classes):
      classes.flatMap { hot in (0..<outputs).map { $0 == Int(hot) ? 1 : 0 } }
    }
  }

  /// Returns outputs of the network in the units of the data, each rounded once.
  package func inUnits(_ outputs: [Float]) -> [Float] {
    guard let unscaled else { return outputs }
    let width = unscaled.shifts.count
    return outputs.enumerated().map { index, output in
      Float(Double(output) * unscaled.scales[index % width] + unscaled.shifts[index % width])
    }
  }
}

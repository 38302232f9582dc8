import LSTMEngine

extension SampleSet {
  /// The targets as numbers, one an output; a class is one among zeros.
  func targetValues(outputs: Int) -> [Float] {
    switch targets {
    case .values(let values, _): values
    case .classes(let classes):
      classes.flatMap { hot in (0..<outputs).map { $0 == Int(hot) ? 1 : 0 } }
    }
  }
}

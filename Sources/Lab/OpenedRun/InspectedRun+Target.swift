import LSTMEngine

extension InspectedRun {
  /// Returns the target of one row of a sample's output: one number an output.
  func target(of sample: Int, row: Int) -> [Float] {
    let place = plan.network.outputHasSteps ? samples.rows(of: sample).lowerBound + row : sample
    let outputs = plan.network.outputs
    return switch samples.targets {
    case .values(let values, _): Array(values[place * outputs..<(place + 1) * outputs])
    case .classes(let classes): (0..<outputs).map { $0 == Int(classes[place]) ? 1 : 0 }
    }
  }
}

import LSTMEngine

extension InspectedRun {
  /// Returns one row's target and its loss, as training computes it.
  func loss(of sample: Int, row: Int) throws -> (target: [Float], loss: Double) {
    let rows = plan.network.outputHasSteps ? samples.steps : 1
    let place = sample * rows + row
    let outputs = plan.network.outputs
    let target: [Float] =
      switch samples.targets {
      case .values(let values, _): Array(values[place * outputs..<(place + 1) * outputs])
      case .classes(let classes): (0..<outputs).map { $0 == Int(classes[place]) ? 1 : 0 }
      }
    return (target, LossOfRow.value(plan.network, output: [], target: target))
  }
}

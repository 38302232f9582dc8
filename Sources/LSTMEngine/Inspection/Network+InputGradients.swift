internal import LSTMKernels

extension Network {
  /// Returns the gradient of one output with respect to the inputs, summed over the set's samples in their
  /// order: (T, F). Dropout is off.
  ///
  /// The network's description says that it gives gradients of inputs, and its loss compares numbers: a
  /// crossentropy would take the place of the last activation's gradient.
  ///
  /// - Parameters:
  ///   - set: Samples of one length, T.
  ///   - output: The number of the output.
  ///   - step: The time step that is looked at, where each has an output; else nil.
  package func inputGradientSum(of set: SampleSet, output: Int, step: Int?) -> [Double] {
    precondition(description.givesInputGradient && !description.loss.isCrossentropy)
    precondition(set.areEquallyLong && head.everyStep == (step != nil))
    guard let gradient = inputGradient else { return [] }
    var sum = [Double](repeating: 0, count: set.steps * set.features)
    let order = Array(0..<set.count)
    for first in stride(from: 0, to: set.count, by: description.batchSize) {
      let batch = batchRows.arrange(
        set, order, first: first, size: min(description.batchSize, set.count - first),
        iteration: nil)
      team.run { member in
        let sequences = batch.share(member: member, of: team.members)
        forward(set, batch, sequences)
        ask(for: output, at: step, batch, sequences)
        for layer in backwardLayers { layer.backward(batch, sequences: sequences) }
      }
      for t in 0..<set.steps {
        for b in 0..<batch.size {
          let row = unsafe batch.starts[t] + b
          for feature in 0..<set.features {
            sum[t * set.features + feature] += Double(gradient[row, feature])
          }
        }
      }
    }
    return sum
  }

  /// Sets the gradient of the outputs: one where it is asked for, else zero.
  private func ask(for output: Int, at step: Int?, _ batch: Batch, _ sequences: Range<Int>) {
    let gradient = unsafe head.output.outputGradient
    for t in 0..<(head.everyStep ? batch.steps : 1) {
      for b in sequences {
        let row = unsafe batch.starts[t] + b
        for panel in 0..<panelCount(head.outputs) {
          let place = unsafe gradient.place(row, panel: panel)
          for lane in 0..<lanes {
            let isAsked = panel * lanes + lane == output && t == (step ?? 0)
            unsafe place[lane] = isAsked ? 1 : 0
          }
        }
      }
    }
  }
}

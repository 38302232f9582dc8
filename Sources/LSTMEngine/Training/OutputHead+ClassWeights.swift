internal import LSTMKernels

extension OutputHead {
  /// Multiplies the loss of some rows, and its gradient, by the weight of each row's class.
  ///
  /// The batch's loss stays the sum over the number of rows, not of weights, as Keras's fit has it
  /// (`sum_over_batch_size`).
  func weigh(rows: Range<Int>) {
    guard !classWeights.isEmpty else { return }
    let gradient = unsafe output.outputGradient
    for row in rows {
      let weight = classWeights[classNumber(row: row)]
      unsafe losses[row] *= weight
      for panel in 0..<panelCount(outputs) {
        let first = unsafe gradient.place(row, panel: panel)
        for lane in 0..<lanes { unsafe first[lane] *= weight }
      }
    }
  }

  /// The class that a row's target names: one output's is 1 above ½, else 0; of several outputs the
  /// first greatest.
  private func classNumber(row: Int) -> Int {
    if outputs == 1 { return target[row, 0] > 0.5 ? 1 : 0 }
    return firstGreatest(of: outputs) { target[row, $0] }
  }
}

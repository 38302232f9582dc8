internal import LSTMKernels

extension Kernels {
  /// Returns the loss of one row of outputs, or of logits.
  func loss(_ loss: Loss, onLogits: Bool, of values: [Float], target: [Float]) -> Float {
    let outputs = values.count
    let arena = Arena(floats: (3 * panelCount(outputs) + 1) * lanes)
    let x = PanelMatrix(arena, rows: 1, columns: outputs)
    let wanted = PanelMatrix(arena, rows: 1, columns: outputs)
    let gradient = PanelMatrix(arena, rows: 1, columns: outputs)
    let result = unsafe arena.take(1)
    for output in 0..<outputs {
      x[0, output] = values[output]
      wanted[0, output] = target[output]
    }
    var job = unsafe lk_loss(
      kind: loss.kernel, on_logits: onLogits ? 1 : 0, outputs: outputs, scale: 1, x: x.panels(),
      target: wanted.panels(), dx: gradient.panels(), loss: result)
    unsafe table.loss(&job, 0, 1)
    return unsafe result[0]
  }
}

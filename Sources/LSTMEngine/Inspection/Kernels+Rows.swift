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

  /// Returns an activation of each element; softmax is taken along the whole array.
  func map(_ activation: Activation, _ z: [Float]) -> [Float] {
    switch activation {
    case .linear: z
    case .sigmoid: map(Function.sigmoid, z)
    case .tanh: map(Function.tanh, z)
    case .relu: z.map { $0 < 0 ? 0 : $0 }
    case .softmax: softmax(z)
    }
  }

  /// e^(z − max z) over its sum, the sum in index order.
  private func softmax(_ z: [Float]) -> [Float] {
    let greatest = z.reduce(z[0]) { $1 <= $0 ? $0 : $1 }
    let numerators = map(.exp, z.map { $0 - greatest })
    let sum = numerators.reduce(0, +)
    return numerators.map { $0 / sum }
  }
}

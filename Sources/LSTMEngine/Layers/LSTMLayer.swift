internal import LSTMKernels

/// A layer of LSTM cells (Hochreiter and Schmidhuber, 1997; forget gates by Gers and others, 2000):
///
///     f = σ(W_f·[h, x] + b_f)   i = σ(W_i·[h, x] + b_i)   C̃ = tanh(W_C·[h, x] + b_C)
///     o = σ(W_o·[h, x] + b_o)   C = f ⊙ C₋₁ + i ⊙ C̃       h = o ⊙ tanh(C)
///
/// The equations and their order in time stand in LSTMKernels/gates.h; here is the layer's memory.
@safe final class LSTMLayer: Layer {
  let placement: Placement
  private let kernels: lk_kernels
  private let inputs: Int  // I
  private let units: Int  // H
  private let activation: lk_activation
  private let recurrentActivation: lk_activation
  private let usesBias: Bool
  private let returnsSequences: Bool
  private let input: LayerInput
  private let parameters: ParameterBuffers

  private let gates: PanelMatrix  // (T·B, 4H in panels)  forward: i f C̃ o; backward: dz of each
  private let c: PanelMatrix  // (T·B, H)  C
  private let h: PanelMatrix  // (T·B, H)  h
  private let dh: PanelMatrix  // (T·B, H)  gradient of h
  private let dc: PanelMatrix  // (B, H)  gradient of C at the step that is being computed
  private let transposedKernel: PanelMatrix  // (4H in panels, I)  Wᵀ
  private let transposedRecurrent: PanelMatrix  // (4H in panels, H)  Uᵀ

  /// Returns the number of floats that the layer takes from the arena.
  static func floats(batch: Batch, inputs: Int, units: Int) -> Double {
    let gateColumns = Gate.allCases.count * panelCount(units) * lanes
    return PanelMatrix.floats(rows: batch.rows, columns: gateColumns)
      + 3 * PanelMatrix.floats(rows: batch.rows, columns: units)
      + PanelMatrix.floats(rows: Double(batch.size), columns: units)
      + PanelMatrix.floats(rows: Double(gateColumns), columns: inputs)
      + PanelMatrix.floats(rows: Double(gateColumns), columns: units)
  }

  init(
    _ lstm: LSTMSpecification, inputs: Int, batch: Batch, placement: Placement, input: LayerInput,
    parameters: ParameterBuffers, arena: Arena, kernels: Kernels
  ) {
    guard let activation = lstm.activation.kernel,
      let recurrentActivation = lstm.recurrentActivation.kernel
    else { preconditionFailure("softmax inside a recurrent layer") }
    self.placement = placement
    unsafe self.kernels = kernels.table
    self.inputs = inputs
    units = lstm.units
    self.activation = activation
    self.recurrentActivation = recurrentActivation
    usesBias = lstm.useBias
    returnsSequences = lstm.returnSequences
    self.input = input
    self.parameters = parameters
    let rows = batch.size * batch.steps
    gates = PanelMatrix(arena, rows: rows, columns: placement.panels * lanes)
    c = PanelMatrix(arena, rows: rows, columns: units)
    h = PanelMatrix(arena, rows: rows, columns: units)
    dh = PanelMatrix(arena, rows: rows, columns: units)
    dc = PanelMatrix(arena, rows: batch.size, columns: units)
    transposedKernel = PanelMatrix(arena, rows: placement.panels * lanes, columns: inputs)
    transposedRecurrent = PanelMatrix(arena, rows: placement.panels * lanes, columns: units)
  }

  func output(_ batch: Batch) -> lk_panels {
    unsafe h.panels(from: returnsSequences ? 0 : (batch.steps - 1) * batch.size)
  }

  func outputGradient(_ batch: Batch) -> lk_panels {
    unsafe dh.panels(from: returnsSequences ? 0 : (batch.steps - 1) * batch.size)
  }

  /// Returns the layer as the kernels see it.
  private func lstm(_ batch: Batch) -> lk_lstm {
    unsafe lk_lstm(
      inputs: inputs, units: units, batch: batch.size, steps: batch.steps, activation: activation,
      recurrent_activation: recurrentActivation, weights: parameters.weights(placement),
      kernel_t: transposedKernel.panels(), recurrent_t: transposedRecurrent.panels(),
      x: input.values(batch), gates: gates.panels(), c: c.panels(), h: h.panels(), dh: dh.panels(),
      dh_every_step: returnsSequences ? 1 : 0, dc: dc.panels(),
      dx: input.gradient(batch) ?? lk_panels(base: nil, stride: 0))
  }

  func forward(_ batch: Batch, rows: Range<Int>) {
    var lstm = unsafe lstm(batch)
    unsafe kernels.lstm_forward(&lstm, rows.lowerBound, rows.upperBound)
  }

  func backward(_ batch: Batch, rows: Range<Int>) {
    var lstm = unsafe lstm(batch)
    unsafe kernels.lstm_backward(&lstm, rows.lowerBound, rows.upperBound)
  }

  func accumulateGradients(_ batch: Batch, panels: Range<Int>) {
    var gradient = unsafe lk_gradient(  // dW = Σ xᵀ·dz, dU = Σ h₋₁ᵀ·dz from the second step on
      source: (
        lk_source(a: input.values(batch), features: inputs, lag: 0),
        lk_source(a: h.panels(), features: units, lag: batch.size)
      ),
      sources: 2, d: gates.panels(), g: parameters.gradients(placement),
      rows: batch.size * batch.steps, bias: usesBias ? 1 : 0)
    unsafe kernels.gradient(&gradient, panels.lowerBound, panels.upperBound)
  }

  func weightsChanged(panels: Range<Int>) {
    let weights = unsafe parameters.weights(placement)
    unsafe kernels.transpose(
      weights, inputs, units, transposedRecurrent.panels(), panels.lowerBound, panels.upperBound)
    if case .layer = input {
      unsafe kernels.transpose(
        weights, 0, inputs, transposedKernel.panels(), panels.lowerBound, panels.upperBound)
    }
  }
}

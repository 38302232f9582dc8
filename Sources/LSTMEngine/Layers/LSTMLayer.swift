internal import LSTMKernels

/// A layer of LSTM cells (Hochreiter and Schmidhuber, 1997; forget gates by Gers and others, 2000):
///
///     f = σ(W_f·[h, x] + b_f)   i = σ(W_i·[h, x] + b_i)   C̃ = tanh(W_C·[h, x] + b_C)
///     o = σ(W_o·[h, x] + b_o)   C = f ⊙ C₋₁ + i ⊙ C̃       h = o ⊙ tanh(C)
///
/// The equations themselves stand in LSTMKernels/gates.h; here is their order in time.
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

  private var gatePanels: Int { placement.panels }

  /// Returns the number of floats that the layer takes from the arena.
  static func floats(batch: Batch, inputs: Int, units: Int) -> Int {
    let rows = batch.size * batch.steps
    let gateColumns = Gate.allCases.count * panelCount(units) * lanes
    return PanelMatrix.floats(rows: rows, columns: gateColumns)
      + 3 * PanelMatrix.floats(rows: rows, columns: units)
      + PanelMatrix.floats(rows: batch.size, columns: units)
      + PanelMatrix.floats(rows: gateColumns, columns: inputs)
      + PanelMatrix.floats(rows: gateColumns, columns: units)
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

  /// Returns one time step as the kernels see it.
  private func step(_ t: Int, _ batch: Batch) -> lk_lstm_step {
    let row = t * batch.size
    let none = unsafe lk_panels(base: nil, stride: 0)  // the state before the first step is zero
    return unsafe lk_lstm_step(
      inputs: inputs, units: units, activation: activation,
      recurrent_activation: recurrentActivation, x: input.values(batch).from(row),
      h_before: t == 0 ? none : h.panels(from: row - batch.size),
      c_before: t == 0 ? none : c.panels(from: row - batch.size),
      weights: parameters.weights(placement), gates: gates.panels(from: row),
      c: c.panels(from: row), h: h.panels(from: row),
      dh: dh.panels(from: row), dc: dc.panels())
  }

  func forward(_ batch: Batch, rows: Range<Int>) {
    for t in 0..<batch.steps {
      var step = unsafe step(t, batch)
      unsafe kernels.lstm_forward(&step, rows.lowerBound, rows.upperBound)
    }
  }

  func backward(_ batch: Batch, rows: Range<Int>) {
    clearStateGradient(rows)
    for t in stride(from: batch.steps - 1, through: 0, by: -1) {
      var step = unsafe step(t, batch)
      unsafe kernels.lstm_backward(&step, rows.lowerBound, rows.upperBound)
      let row = t * batch.size
      if t > 0 {  // dh₋₁ = what the layer above asks of it + dz·Uᵀ
        unsafe multiply(
          gates.panels(from: row), transposedRecurrent,
          into: dh.panels(from: row - batch.size),
          start: returnsSequences ? LK_FROM_OUTPUT : LK_FROM_ZERO, rows: rows)
      }
      if let dx = unsafe input.gradient(batch) {  // dx = dz·Wᵀ
        unsafe multiply(
          gates.panels(from: row), transposedKernel, into: dx.from(row), start: LK_FROM_ZERO,
          rows: rows)
      }
    }
  }

  private func clearStateGradient(_ rows: Range<Int>) {
    for panel in 0..<panelCount(units) {
      let base = unsafe dc.base + (panel * dc.rows + rows.lowerBound) * lanes
      unsafe base.update(repeating: 0, count: rows.count * lanes)
    }
  }

  /// Computes c = start + dz·Wᵀ for one time step.
  private func multiply(
    _ dz: lk_panels, _ transposed: PanelMatrix, into c: lk_panels, start: lk_start,
    rows: Range<Int>
  ) {
    var product = unsafe lk_product(
      a: dz, b: transposed.panels(), c: c, depth_panels: gatePanels,
      tail_panels: Gate.allCases.count,
      tail_depth: units - (panelCount(units) - 1) * lanes,
      columns_panels: panelCount(transposed.columns), bias: nil, start: start)
    unsafe kernels.product(&product, rows.lowerBound, rows.upperBound)
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

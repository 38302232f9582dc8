internal import LSTMKernels

/// A layer of recurrent cells of one kind.
///
/// The cells' equations and their order in time stand in LSTMKernels, a file for each cell; here is
/// the layer's memory, which is the same for all but for what a cell has no use of.
@safe final class RecurrentLayer: Layer {
  let placement: Placement
  private let kernels: lk_kernels
  private let cell: lk_cell
  private let inputs: Int  // I
  private let units: Int  // H
  private let activation: lk_activation
  private let recurrentActivation: lk_activation
  private let usesBias: Bool
  private let biasRows: Int
  private let returnsSequences: Bool
  private let input: LayerInput
  private let parameters: ParameterBuffers

  private let gates: PanelMatrix  // (T·B, GH in panels)  forward: the gates; backward: dz of each
  private let inner: PanelMatrix  // (T·B, GH)  dz of the products with h₋₁, a GRU's own
  private let c: PanelMatrix?  // (T·B, H)  an LSTM's C
  private let h: PanelMatrix  // (T·B, H)  h
  private let dh: PanelMatrix  // (T·B, H)  gradient of h
  private let dc: PanelMatrix?  // (B, H)  gradient of C at the step that is being computed
  private let transposedKernel: PanelMatrix  // (GH in panels, I)  Wᵀ
  private let transposedRecurrent: PanelMatrix  // (GH in panels, H)  Uᵀ

  /// Returns the number of floats that the layer takes from the arena.
  static func floats(_ layer: RecurrentSpecification, batch: Batch, inputs: Int) -> Double {
    let units = layer.units
    let gateColumns = layer.cell.sums * panelCount(units) * lanes
    let state =
      layer.cell.hasState
      ? PanelMatrix.floats(rows: batch.rows + Double(batch.size), columns: units) : 0
    return state + 2 * PanelMatrix.floats(rows: batch.rows, columns: units)
      + (layer.cell.hasInnerSums ? 2 : 1)
      * PanelMatrix.floats(rows: batch.rows, columns: gateColumns)
      + PanelMatrix.floats(rows: Double(gateColumns), columns: inputs)
      + PanelMatrix.floats(rows: Double(gateColumns), columns: units)
  }

  init(
    _ layer: RecurrentSpecification, inputs: Int, batch: Batch, placement: Placement,
    input: LayerInput, parameters: ParameterBuffers, arena: Arena, kernels: Kernels
  ) {
    guard let activation = layer.activation.kernel,
      let recurrentActivation = layer.recurrentActivation.kernel
    else { preconditionFailure("softmax inside a recurrent layer") }
    self.placement = placement
    unsafe self.kernels = kernels.table
    unsafe cell = layer.cell.kernel(kernels.table)
    self.inputs = inputs
    units = layer.units
    self.activation = activation
    self.recurrentActivation = recurrentActivation
    usesBias = layer.useBias
    biasRows = layer.cell.biasRows
    returnsSequences = layer.returnSequences
    self.input = input
    self.parameters = parameters
    let rows = batch.size * batch.steps
    gates = PanelMatrix(arena, rows: rows, columns: placement.panels * lanes)
    inner =
      layer.cell.hasInnerSums
      ? PanelMatrix(arena, rows: rows, columns: placement.panels * lanes) : gates
    c = layer.cell.hasState ? PanelMatrix(arena, rows: rows, columns: units) : nil
    h = PanelMatrix(arena, rows: rows, columns: units)
    dh = PanelMatrix(arena, rows: rows, columns: units)
    dc = layer.cell.hasState ? PanelMatrix(arena, rows: batch.size, columns: units) : nil
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
  private func recurrent(_ batch: Batch) -> lk_recurrent {
    unsafe lk_recurrent(
      inputs: inputs, units: units, batch: batch.size, steps: batch.steps, activation: activation,
      recurrent_activation: recurrentActivation, weights: parameters.weights(placement),
      kernel_t: transposedKernel.panels(), recurrent_t: transposedRecurrent.panels(),
      x: input.values(batch), gates: gates.panels(), inner: inner.panels(),
      c: c?.panels() ?? .none, h: h.panels(), dh: dh.panels(),
      dh_every_step: returnsSequences ? 1 : 0, dc: dc?.panels() ?? .none,
      dx: input.gradient(batch) ?? .none)
  }

  func forward(_ batch: Batch, rows: Range<Int>) {
    var layer = unsafe recurrent(batch)
    unsafe cell.forward(&layer, rows.lowerBound, rows.upperBound)
  }

  func backward(_ batch: Batch, rows: Range<Int>) {
    var layer = unsafe recurrent(batch)
    unsafe cell.backward(&layer, rows.lowerBound, rows.upperBound)
  }

  func accumulateGradients(_ batch: Batch, panels: Range<Int>) {
    var gradient = unsafe lk_gradient(  // dW = Σ xᵀ·dz, dU = Σ h₋₁ᵀ·dz from the second step on
      source: (
        lk_source(a: input.values(batch), d: gates.panels(), features: inputs, lag: 0),
        lk_source(a: h.panels(), d: inner.panels(), features: units, lag: batch.size)
      ),
      sources: 2, g: parameters.gradients(placement), rows: batch.size * batch.steps,
      biases: usesBias ? biasRows : 0)
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

extension RecurrentCell {
  /// The cell's functions in a level's table.
  fileprivate func kernel(_ table: lk_kernels) -> lk_cell {
    switch self {
    case .lstm: unsafe table.lstm
    case .gru: unsafe table.gru
    case .simpleRNN: unsafe table.simple_rnn
    }
  }

  /// Whether a unit has a state besides its output.
  fileprivate var hasState: Bool { self == .lstm }
  /// Whether the products with the step before have gradients other than those with the input: the
  /// reset gate stands between a GRU's two products for the candidate.
  fileprivate var hasInnerSums: Bool { self == .gru }
}

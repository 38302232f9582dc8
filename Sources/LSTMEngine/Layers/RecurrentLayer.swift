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
  private let input: LayerInput
  private let parameters: ParameterBuffers

  private let gates: PanelMatrix  // (R, GH in panels)  forward: the gates; backward: dz of each
  private let inner: PanelMatrix  // (R, GH)  dz of the products with h₋₁, a GRU's own
  private let c: PanelMatrix?  // (R, H)  an LSTM's C
  private let h: PanelMatrix  // (R, H)  h
  private let dh: PanelMatrix  // (R, H)  gradient of h
  private let dc: PanelMatrix?  // (B, H)  gradient of C at the step that is being computed
  private let dropout: RecurrentDropout?  // nil where nothing is dropped
  private let last: LastSteps?  // (B, H)  h of each sequence's last step, where no other is shown
  private let transposedKernel: PanelMatrix  // (GH in panels, I)  Wᵀ
  private let transposedRecurrent: PanelMatrix  // (GH in panels, H)  Uᵀ

  init(
    _ layer: RecurrentSpecification, inputs: Int, batch: BatchShape, placement: Placement,
    input: LayerInput, masks: MaskSource, isBackward: Bool = false,
    parameters: ParameterBuffers, arena: Arena, kernels: Kernels
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
    self.input = input
    self.parameters = parameters
    let rows = batch.rows
    gates = PanelMatrix(arena, rows: rows, columns: placement.panels * lanes)
    inner =
      layer.cell.hasInnerSums
      ? PanelMatrix(arena, rows: rows, columns: placement.panels * lanes) : gates
    c = layer.cell.hasState ? PanelMatrix(arena, rows: rows, columns: units) : nil
    h = PanelMatrix(arena, rows: rows, columns: units)
    dh = PanelMatrix(arena, rows: rows, columns: units)
    dc = layer.cell.hasState ? PanelMatrix(arena, rows: batch.size, columns: units) : nil
    dropout =
      layer.dropout > 0 || layer.recurrentDropout > 0
      ? RecurrentDropout(
        layer, batch: batch, inputs: inputs, masks: masks, isBackward: isBackward, arena: arena,
        kernels: kernels) : nil
    last = layer.returnSequences ? nil : LastSteps(arena, size: batch.size, units: units)
    transposedKernel = PanelMatrix(arena, rows: placement.panels * lanes, columns: inputs)
    transposedRecurrent = PanelMatrix(arena, rows: placement.panels * lanes, columns: units)
  }

  var output: lk_panels { unsafe (last?.h ?? h).panels() }
  var outputGradient: lk_panels { unsafe (last?.dh ?? dh).panels() }

  /// Returns the layer as the kernels see it.
  private func recurrent(_ batch: Batch) -> lk_recurrent {
    var layer = unsafe lk_recurrent(
      inputs: inputs, units: units, time: batch.time, activation: activation,
      recurrent_activation: recurrentActivation, weights: parameters.weights(placement),
      kernel_t: transposedKernel.panels(), recurrent_t: transposedRecurrent.panels(),
      x: input.values, gates: gates.panels(), inner: inner.panels(), c: c?.panels() ?? .none,
      h: h.panels(), h_read: h.panels(), dh: dh.panels(), dh_every_step: last == nil ? 1 : 0,
      dc: dc?.panels() ?? .none, dx: input.gradient ?? .none, x_mask: .none, h_mask: .none,
      dh_read: .none)
    unsafe dropout?.fill(&layer, batch)
    return unsafe layer
  }

  func forward(_ batch: Batch, sequences: Range<Int>) {
    unsafe dropout?.begin(batch, sequences, input.values)
    var layer = unsafe recurrent(batch)
    unsafe cell.forward(&layer, sequences.lowerBound, sequences.upperBound)
    last?.gather(h, batch, sequences)
  }

  func backward(_ batch: Batch, sequences: Range<Int>) {
    last?.scatter(dh, batch, sequences)
    var layer = unsafe recurrent(batch)
    unsafe cell.backward(&layer, sequences.lowerBound, sequences.upperBound)
  }

  /// dW = Σ xᵀ·dz, dU = Σ h₋₁ᵀ·dz from the second step on
  private func gradient(_ batch: Batch) -> lk_gradient {
    unsafe lk_gradient(
      source: (
        batch.source(
          dropout?.inputs(input.values, batch) ?? input.values, gates.panels(), features: inputs),
        batch.sourceBefore(
          dropout?.state(h.panels(), batch) ?? h.panels(), inner.panels(), features: units)
      ),
      sources: 2, g: parameters.gradients(placement), rows: batch.rows,
      biases: usesBias ? biasRows : 0)
  }

  func gradientSums(_ batch: Batch) -> [GradientSum] {
    [unsafe GradientSum(placement: placement, sum: gradient(batch))]
  }

  func accumulateGradients(_ batch: Batch, panels: Range<Int>) {
    var gradient = unsafe gradient(batch)
    unsafe kernels.gradient(&gradient, panels.lowerBound, panels.upperBound)
  }

  func weightsChanged(panels: Range<Int>) {
    let weights = unsafe parameters.weights(placement)
    unsafe kernels.transpose(
      weights, inputs, units, transposedRecurrent.panels(), panels.lowerBound, panels.upperBound)
    if input.givesGradient {
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

internal import LSTMKernels

/// A fully connected layer: y = activation(x·W + b), for one output a sequence or one a time step.
@safe final class DenseLayer: Layer {
  let placement: Placement
  private let kernels: lk_kernels
  private let inputs: Int
  private let units: Int
  private let activation: Activation
  private let usesBias: Bool
  /// Whether the input has a row for every time step.
  private let perStep: Bool
  private let input: LayerInput
  private let parameters: ParameterBuffers

  private let z: PanelMatrix  // (rows, units)  x·W + b
  private let y: PanelMatrix  // (rows, units)  activation(z)
  private let dy: PanelMatrix  // (rows, units)  the gradient of y, then of z
  private let transposed: PanelMatrix  // (units in panels, inputs)  Wᵀ

  /// Set by the output layer's loss when it gives the gradient of z instead of that of y.
  var gradientIsOfLogits = false

  init(
    _ dense: DenseSpecification, _ shape: LayerShape, batch: BatchShape, placement: Placement,
    input: LayerInput, parameters: ParameterBuffers, arena: Arena, kernels: Kernels
  ) {
    self.placement = placement
    unsafe self.kernels = kernels.table
    inputs = shape.inputs
    units = dense.units
    activation = dense.activation
    usesBias = dense.useBias
    perStep = shape.readsSteps
    self.input = input
    self.parameters = parameters
    let rows = batch.rows(everyStep: perStep)
    z = PanelMatrix(arena, rows: rows, columns: units)
    y = PanelMatrix(arena, rows: rows, columns: units)
    dy = PanelMatrix(arena, rows: rows, columns: units)
    transposed = PanelMatrix(arena, rows: panelCount(units) * lanes, columns: inputs)
  }

  var output: lk_panels { unsafe y.panels() }
  var outputGradient: lk_panels { unsafe dy.panels() }
  /// The pre-activations, which the crossentropies use instead of the output.
  func logits() -> lk_panels { unsafe z.panels() }

  /// Calls the body with each run of matrix rows that belong to the sequences.
  private func forEachRun(
    _ batch: Batch, _ sequences: Range<Int>, _ body: (_ row: Int, _ end: Int) -> Void
  ) {
    if perStep && sequences.count == batch.size { return body(0, batch.rows) }
    batch.forEachStep(sequences, of: perStep ? batch.steps : 1) {
      body($0.lowerBound, $0.upperBound)
    }
  }

  func forward(_ batch: Batch, sequences: Range<Int>) {
    let weights = unsafe parameters.weights(placement)
    var product = unsafe lk_product(  // z = b + x·W
      a: input.values, b: weights, c: z.panels(), depth_panels: panelCount(inputs),
      tail_panels: 1, tail_depth: lastPanelColumns(inputs),
      columns_panels: panelCount(units), bias: weights.base + inputs * lanes, start: LK_FROM_BIAS)
    forEachRun(batch, sequences) { row, end in
      unsafe kernels.product(&product, row, end)
      if let activation = activation.kernel {
        unsafe kernels.activate(activation, z.panels(), y.panels(), panelCount(units), row, end)
      } else {
        unsafe kernels.softmax(z.panels(), y.panels(), units, row, end)
      }
    }
  }

  func backward(_ batch: Batch, sequences: Range<Int>) {
    forEachRun(batch, sequences) { row, end in
      if !gradientIsOfLogits {
        if let activation = activation.kernel {
          unsafe kernels.activate_backward(
            activation, y.panels(), dy.panels(), panelCount(units), row, end)
        } else {
          unsafe kernels.softmax_backward(y.panels(), dy.panels(), units, row, end)
        }
      }
      guard let dx = unsafe input.gradient else { return }
      var product = unsafe lk_product(  // dx = dz·Wᵀ
        a: dy.panels(), b: transposed.panels(), c: dx, depth_panels: panelCount(units),
        tail_panels: 1, tail_depth: lastPanelColumns(units),
        columns_panels: panelCount(inputs), bias: nil, start: LK_FROM_ZERO)
      unsafe kernels.product(&product, row, end)
    }
  }

  /// dW = xᵀ·dz
  private func gradient(_ batch: Batch) -> lk_gradient {
    unsafe lk_gradient(
      source: (batch.source(input.values, dy.panels(), features: inputs), lk_source()),
      sources: 1, g: parameters.gradients(placement), rows: perStep ? batch.rows : batch.size,
      biases: usesBias ? 1 : 0)
  }

  func gradientSums(_ batch: Batch) -> [GradientSum] {
    [unsafe GradientSum(placement: placement, sum: gradient(batch))]
  }

  func accumulateGradients(_ batch: Batch, panels: Range<Int>) {
    var gradient = unsafe gradient(batch)
    unsafe kernels.gradient(&gradient, panels.lowerBound, panels.upperBound)
  }

  func weightsChanged(panels: Range<Int>) {
    unsafe kernels.transpose(
      parameters.weights(placement), 0, inputs, transposed.panels(), panels.lowerBound,
      panels.upperBound)
  }
}

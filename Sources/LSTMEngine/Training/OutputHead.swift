internal import LSTMKernels

/// The end of a network: targets, loss, its gradient, and metrics, for each row of a batch's output.
@safe final class OutputHead {
  let outputs: Int
  /// Whether the output has a row for every time step.
  let everyStep: Bool
  private let kernels: lk_kernels
  private let loss: Loss
  private let metrics: [RowMetric]
  private let outputScales: [Float]
  let classWeights: [Float]
  let output: any Layer
  /// The last layer where a crossentropy takes its pre-activations instead of its outputs.
  private let logits: DenseLayer?
  let target: PanelMatrix  // (rows, outputs)
  let losses: UnsafeMutablePointer<Float>  // (rows)
  let metricValues: [UnsafeMutablePointer<Float>]  // each (rows)

  init(
    _ description: NetworkDescription, batch: BatchShape, output: any Layer, arena: Arena,
    kernels: Kernels
  ) {
    let shape = description.output
    unsafe self.kernels = kernels.table
    loss = description.loss
    metrics = description.metrics
    outputScales = description.outputScales
    classWeights = description.classWeights
    self.output = output
    outputs = shape.outputs
    everyStep = shape.givesSteps
    logits = Self.usesLogits(loss, shape.layer) ? output as? DenseLayer : nil
    logits?.gradientIsOfLogits = true
    let rows = batch.rows(everyStep: everyStep)
    target = PanelMatrix(arena, rows: rows, columns: outputs)
    unsafe losses = arena.take(rows)
    unsafe metricValues = metrics.map { _ in unsafe arena.take(rows) }
  }

  /// Keras replaces the output of a sigmoid or softmax layer by its logits in every crossentropy.
  static func usesLogits(_ loss: Loss, _ last: LayerSpecification) -> Bool {
    guard case .dense(let dense) = last.kind else { return false }
    return loss.isCrossentropy && (dense.activation == .sigmoid || dense.activation == .softmax)
  }

  /// Copies the targets of sequence `b` of the batch, `rows` of the set's: one row, or one for each of
  /// the sequence's time steps.
  func setTargets(_ targets: SampleSet.Targets, rows: Range<Int>, b: Int, batch: Batch) {
    switch targets {
    case .values(let values, _):
      unsafe values.withUnsafeBufferPointer { values in
        guard let base = values.baseAddress else { return }
        unsafe lk_spread(
          base + rows.lowerBound * outputs, outputs, rows.count, outputs, target.panels(),
          batch.starts, b)
      }
    case .classes(let classes):
      for (t, row) in rows.enumerated() {
        let hot = Int(classes[row])
        let place = unsafe batch.starts[t] + b
        for j in 0..<outputs { target[place, j] = j == hot ? 1 : 0 }
      }
    }
  }

  /// Computes the loss of some rows and, as the output layer's gradient, that of the batch's mean.
  func computeLoss(rows: Range<Int>, of total: Int) {
    var job = unsafe lk_loss(
      kind: loss.kernel, on_logits: logits == nil ? 0 : 1, outputs: outputs,
      scale: 1 / Float(total), x: logits.map { unsafe $0.logits() } ?? output.output,
      target: target.panels(), dx: output.outputGradient, loss: losses)
    unsafe kernels.loss(&job, rows.lowerBound, rows.upperBound)
    let y = unsafe output.output
    for (index, metric) in metrics.enumerated() {
      for row in rows { unsafe metricValues[index][row] = value(of: metric, y, row: row) }
    }
  }

  /// Returns the output of one row.
  func prediction(row: Int) -> [Float] {
    let y = unsafe output.output
    return (0..<outputs).map { unsafe y.element(row, $0) }
  }

  private func value(of metric: RowMetric, _ y: lk_panels, row: Int) -> Float {
    switch metric {
    case .accuracy: return unsafe isRight(y, row: row) ? 1 : 0
    case .meanAbsoluteError:
      var sum: Float = 0
      for j in 0..<outputs { unsafe sum += abs(error(y, row: row, j)) }
      return sum / Float(outputs)
    case .meanSquaredError:
      var sum: Float = 0
      for j in 0..<outputs {
        let e = unsafe error(y, row: row, j)
        sum += e * e
      }
      return sum / Float(outputs)
    }
  }

  /// How far an output is from its target, in the units of the data.
  private func error(_ y: lk_panels, row: Int, _ output: Int) -> Float {
    let error = unsafe y.element(row, output) - target[row, output]
    return outputScales.isEmpty ? error : error * outputScales[output]
  }

  /// One output: above ½ or not; several: the first greatest is where the target's is.
  private func isRight(_ y: lk_panels, row: Int) -> Bool {
    if outputs == 1 { return unsafe target[row, 0] == (y.element(row, 0) > 0.5 ? 1 : 0) }
    return firstGreatest(of: outputs) { unsafe y.element(row, $0) }
      == firstGreatest(of: outputs) { target[row, $0] }
  }
}

/// Returns the place of the greatest of some values, of equals that of the first.
@inline(__always) package func firstGreatest(of count: Int, _ value: (Int) -> Float) -> Int {
  var greatest = 0
  for place in 0..<count where value(place) > value(greatest) { greatest = place }
  return greatest
}

extension Loss {
  /// Whether the loss compares probabilities.
  package var isCrossentropy: Bool {
    switch self {
    case .binaryCrossentropy, .categoricalCrossentropy, .sparseCategoricalCrossentropy: true
    case .meanSquaredError, .meanAbsoluteError, .huber: false
    }
  }

  var kernel: lk_loss_kind {
    switch self {
    case .binaryCrossentropy: LK_BINARY_CROSSENTROPY
    case .categoricalCrossentropy: LK_CATEGORICAL_CROSSENTROPY
    case .sparseCategoricalCrossentropy: LK_SPARSE_CATEGORICAL_CROSSENTROPY
    case .meanSquaredError: LK_MEAN_SQUARED_ERROR
    case .meanAbsoluteError: LK_MEAN_ABSOLUTE_ERROR
    case .huber: LK_HUBER
    }
  }
}

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

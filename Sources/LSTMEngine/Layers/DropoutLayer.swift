internal import LSTMKernels

/// A layer that drops a part of its inputs in training and passes all of them on else.
@safe final class DropoutLayer: Layer {
  let placement: Placement
  private let kernels: lk_kernels
  private let columns: Int
  private let isActive: Bool
  /// Whether the input has a row for every time step.
  private let perStep: Bool
  private let input: LayerInput

  private let mask: DropoutMask  // (rows, columns)
  private let y: PanelMatrix  // (rows, columns)  x ⊙ mask
  private let dy: PanelMatrix  // (rows, columns)  the gradient of y

  init(
    _ dropout: DropoutSpecification, _ shape: LayerShape, batch: BatchShape, placement: Placement,
    input: LayerInput, masks: MaskSource, arena: Arena, kernels: Kernels
  ) {
    self.placement = placement
    unsafe self.kernels = kernels.table
    columns = shape.inputs
    isActive = dropout.rate > 0
    perStep = shape.readsSteps
    self.input = input
    let rows = batch.rows(everyStep: perStep)
    mask = DropoutMask(
      rate: dropout.rate, masks, .input, arena: arena, rows: rows, columns: columns,
      kernels: kernels)
    y = PanelMatrix(arena, rows: rows, columns: columns)
    dy = PanelMatrix(arena, rows: rows, columns: columns)
  }

  var output: lk_panels { unsafe y.panels() }
  var outputGradient: lk_panels { unsafe dy.panels() }

  func forward(_ batch: Batch, sequences: Range<Int>) {
    if let iteration = batch.iteration, isActive {
      if perStep {
        mask.drawSteps(batch, sequences, iteration: iteration)
      } else {
        mask.draw(batch, sequences, iteration: iteration)
      }
    }
    unsafe pass(input.values, to: y.panels(), batch, sequences)
  }

  func backward(_ batch: Batch, sequences: Range<Int>) {
    guard let dx = unsafe input.gradient else { return }
    unsafe pass(dy.panels(), to: dx, batch, sequences)
  }

  /// Writes the rows of the sequences to the same rows of `to`, times the mask in training.
  private func pass(
    _ from: lk_panels, to: lk_panels, _ batch: Batch, _ sequences: Range<Int>
  ) {
    batch.forEachStep(sequences, of: perStep ? batch.steps : 1) { rows in
      let first = rows.lowerBound
      if batch.iteration != nil && isActive {
        unsafe kernels.multiply_rows(
          from, first, mask.panels(), first, to, first, panelCount(columns), rows.count)
      } else {
        unsafe lk_copy_rows(from, nil, to, nil, panelCount(columns), first, rows.upperBound)
      }
    }
  }

  func gradientSums(_ batch: Batch) -> [GradientSum] { [] }
  func accumulateGradients(_ batch: Batch, panels: Range<Int>) {}
  func weightsChanged(panels: Range<Int>) {}
}

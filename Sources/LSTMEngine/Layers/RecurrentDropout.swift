internal import LSTMKernels

/// What a recurrent layer drops of its inputs and of its state, with the memory that this takes.
///
/// A sequence has one mask for its inputs and one for its state in each optimizer step, the same at
/// all time steps and for all gates: Gal and Ghahramani, "A theoretically grounded application of
/// dropout in recurrent neural networks" (2016), with tied weights.
@safe final class RecurrentDropout {
  /// What is dropped of the inputs.
  private let input: (mask: DropoutMask, dropped: PanelMatrix)?  // (B, I), (R, I)
  /// What is dropped of the state where the sums read it.
  private let state: (mask: DropoutMask, dropped: PanelMatrix, gradient: PanelMatrix)?
  private let inputs: Int
  private let kernels: lk_kernels

  /// - Parameter isBackward: Whether the layer is the backward one of two directions.
  init(
    _ layer: RecurrentSpecification, batch: BatchShape, inputs: Int, masks: MaskSource,
    isBackward: Bool, arena: Arena, kernels: Kernels
  ) {
    self.inputs = inputs
    unsafe self.kernels = kernels.table
    input =
      layer.dropout > 0
      ? (
        DropoutMask(
          rate: layer.dropout, masks, isBackward ? .backwardInput : .input, arena: arena,
          rows: batch.rows(everyStep: false), columns: inputs, kernels: kernels),
        PanelMatrix(arena, rows: batch.rows, columns: inputs)
      ) : nil
    state =
      layer.recurrentDropout > 0
      ? (
        DropoutMask(
          rate: layer.recurrentDropout, masks, isBackward ? .backwardState : .state, arena: arena,
          rows: batch.rows(everyStep: false), columns: layer.units, kernels: kernels),
        PanelMatrix(arena, rows: batch.rows, columns: layer.units),
        PanelMatrix(arena, rows: batch.size, columns: layer.units)
      ) : nil
  }

  /// Draws the masks of some sequences and drops from their inputs, where a step is trained.
  func begin(_ batch: Batch, _ sequences: Range<Int>, _ x: lk_panels) {
    guard let iteration = batch.iteration else { return }
    state?.mask.draw(batch, sequences, iteration: iteration)
    guard let input else { return }
    input.mask.draw(batch, sequences, iteration: iteration)
    batch.forEachStep(sequences, of: batch.steps) { rows in
      unsafe kernels.multiply_rows(
        x, rows.lowerBound, input.mask.panels(), sequences.lowerBound, input.dropped.panels(),
        rows.lowerBound, panelCount(inputs), rows.count)
    }
  }

  /// Returns the inputs as the sums read them; `x` are all of them.
  func inputs(_ x: lk_panels, _ batch: Batch) -> lk_panels {
    guard batch.iteration != nil, let input else { return unsafe x }
    return unsafe input.dropped.panels()
  }

  /// Returns the state as the sums read it; `h` is all of it.
  func state(_ h: lk_panels, _ batch: Batch) -> lk_panels {
    guard batch.iteration != nil, let state else { return unsafe h }
    return unsafe state.dropped.panels()
  }

  /// Sets what the kernels need to know of it.
  func fill(_ layer: inout lk_recurrent, _ batch: Batch) {
    unsafe layer.x = inputs(layer.x, batch)
    unsafe layer.h_read = state(layer.h, batch)
    guard batch.iteration != nil else { return }
    if let input { unsafe layer.x_mask = input.mask.panels() }
    if let state {
      unsafe layer.h_mask = state.mask.panels()
      unsafe layer.dh_read = state.gradient.panels()
    }
  }
}

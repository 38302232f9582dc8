internal import LSTMKernels

/// A row of a table for each whole number of the input: y = E[x].
///
/// The gradient of a row is the sum, in the order of the batch's rows, of the gradients of the outputs
/// that are copies of it; a row that the batch does not have is zero, and the optimizer sees it as such.
@safe final class EmbeddingLayer: Layer {
  let placement: Placement
  private let input: LayerInput  // (R, 1)  whole numbers below the table's rows
  private let parameters: ParameterBuffers
  private let y: PanelMatrix  // (R, O)
  private let dy: PanelMatrix  // (R, O)

  init(
    _ embedding: EmbeddingSpecification, batch: BatchShape, placement: Placement,
    input: LayerInput, parameters: ParameterBuffers, arena: Arena
  ) {
    self.placement = placement
    self.input = input
    self.parameters = parameters
    y = PanelMatrix(arena, rows: batch.rows, columns: embedding.outputDimension)
    dy = PanelMatrix(arena, rows: batch.rows, columns: embedding.outputDimension)
  }

  var output: lk_panels { unsafe y.panels() }
  var outputGradient: lk_panels { unsafe dy.panels() }

  func forward(_ batch: Batch, sequences: Range<Int>) {
    batch.forEachStep(sequences, of: batch.steps) { rows in
      unsafe lk_look_up(
        parameters.weights(placement), input.values, y.panels(), placement.panels,
        rows.lowerBound, rows.upperBound)
    }
  }

  func backward(_ batch: Batch, sequences: Range<Int>) {}

  func accumulateGradients(_ batch: Batch, panels: Range<Int>) {
    unsafe lk_gather_by_id(
      dy.panels(), input.values, batch.rows, parameters.gradients(placement), placement.rows,
      panels.lowerBound, panels.upperBound)
  }

  func gradientSums(_ batch: Batch) -> [GradientSum] {
    let sum = unsafe lk_gradient(
      source: (batch.source(input.values, dy.panels(), features: 0), lk_source()), sources: 1,
      g: parameters.gradients(placement), rows: batch.rows, biases: 1)
    return [unsafe GradientSum(placement: placement, sum: sum, numbers: input.values)]
  }

  func weightsChanged(panels: Range<Int>) {}
}

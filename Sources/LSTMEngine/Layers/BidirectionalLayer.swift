internal import LSTMKernels

/// Two recurrent layers on one input (Schuster and Paliwal, 1997): one reads each sequence from its
/// first step, the other from its last; their outputs stand side by side, the forward one's first.
///
/// Each sequence is reversed over its own length, so the backward layer begins at its last step. Where
/// every step is shown, both layers' outputs of a step stand in its row; else each layer's last.
@safe final class BidirectionalLayer: Layer {
  let placement: Placement
  private let forwardLayer: RecurrentLayer
  private let backwardLayer: RecurrentLayer
  private let inputs: Int  // I
  private let units: Int  // H, of each direction
  private let everyStep: Bool
  private let input: LayerInput

  private let reversed: PanelMatrix  // (R, I)  x with the steps of each sequence in reverse
  private let reversedGradient: PanelMatrix?  // (R, I)  its gradient, where somebody asks for it
  private let y: PanelMatrix  // (R or B, 2H)
  private let dy: PanelMatrix  // (R or B, 2H)

  init(
    _ layer: RecurrentSpecification, inputs: Int, batch: BatchShape, placement: Placement,
    input: LayerInput, masks: MaskSource, parameters: ParameterBuffers, arena: Arena,
    kernels: Kernels
  ) {
    self.placement = placement
    self.inputs = inputs
    self.input = input
    units = layer.units
    everyStep = layer.returnSequences
    reversed = PanelMatrix(arena, rows: batch.rows, columns: inputs)
    reversedGradient =
      input.givesGradient ? PanelMatrix(arena, rows: batch.rows, columns: inputs) : nil
    let rows = batch.rows(everyStep: everyStep)
    y = PanelMatrix(arena, rows: rows, columns: 2 * units)
    dy = PanelMatrix(arena, rows: rows, columns: 2 * units)
    func half(_ direction: Direction, _ input: LayerInput) -> RecurrentLayer {
      RecurrentLayer(
        layer, inputs: inputs, batch: batch, placement: placement.of(direction), input: input,
        masks: masks, isBackward: direction == .backward, parameters: parameters, arena: arena,
        kernels: kernels)
    }
    forwardLayer = half(.forward, input)
    backwardLayer = half(.backward, .matrix(reversed, gradient: reversedGradient))
  }

  var output: lk_panels { unsafe y.panels() }
  var outputGradient: lk_panels { unsafe dy.panels() }
  var parts: [any Layer] { [forwardLayer, backwardLayer] }

  func forward(_ batch: Batch, sequences: Range<Int>) {
    // x reversed, step by step.
    var columns = unsafe lk_columns(
      from: input.values, to: reversed.panels(), from_column: 0, to_column: 0, columns: inputs,
      add: 0)
    unsafe batch.moveSteps(&columns, sequences, reversed: true)
    forwardLayer.forward(batch, sequences: sequences)
    backwardLayer.forward(batch, sequences: sequences)
    // y = [h forward, h backward]
    for (half, layer) in [forwardLayer, backwardLayer].enumerated() {
      var columns = unsafe lk_columns(
        from: layer.output, to: y.panels(), from_column: 0, to_column: half * units,
        columns: units, add: 0)
      unsafe move(&columns, batch, sequences, reversed: half == 1)
    }
  }

  func backward(_ batch: Batch, sequences: Range<Int>) {
    for (half, layer) in [forwardLayer, backwardLayer].enumerated() {
      var columns = unsafe lk_columns(
        from: dy.panels(), to: layer.outputGradient, from_column: half * units, to_column: 0,
        columns: units, add: 0)
      unsafe move(&columns, batch, sequences, reversed: half == 1)
      layer.backward(batch, sequences: sequences)
    }
    guard let dx = unsafe input.gradient, let reversedGradient else { return }
    // dx = that of the forward layer, which stands there, + that of the backward layer.
    var columns = unsafe lk_columns(
      from: reversedGradient.panels(), to: dx, from_column: 0, to_column: 0, columns: inputs,
      add: 1)
    unsafe batch.moveSteps(&columns, sequences, reversed: true)
  }

  /// Moves columns of the output's rows, which are the sequences' steps or the sequences.
  private func move(
    _ columns: inout lk_columns, _ batch: Batch, _ sequences: Range<Int>, reversed: Bool
  ) {
    if everyStep {
      unsafe batch.moveSteps(&columns, sequences, reversed: reversed)
    } else {
      unsafe lk_move_rows(&columns, sequences.lowerBound, sequences.upperBound)
    }
  }

  func accumulateGradients(_ batch: Batch, panels: Range<Int>) {
    preconditionFailure("the parameters are those of the layer's parts")
  }

  func gradientSums(_ batch: Batch) -> [GradientSum] {
    forwardLayer.gradientSums(batch)
      + backwardLayer.gradientSums(batch).map { sum in
        var sum = sum
        sum.isReversed = true
        return sum
      }
  }

  func weightsChanged(panels: Range<Int>) {
    preconditionFailure("the parameters are those of the layer's parts")
  }
}

extension Batch {
  /// Moves columns of each step of some sequences; reversed, each sequence's first becomes its last.
  fileprivate func moveSteps(
    _ columns: inout lk_columns, _ sequences: Range<Int>, reversed: Bool
  ) {
    unsafe lk_move_steps(
      &columns, starts, lengths, reversed ? 1 : 0, sequences.lowerBound, sequences.upperBound)
  }
}

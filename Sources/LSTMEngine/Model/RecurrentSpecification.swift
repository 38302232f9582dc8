/// The arguments of a recurrent layer of any cell.
package struct RecurrentSpecification: Equatable, Sendable {
  /// The kind of its cells.
  package var cell: RecurrentCell
  /// The number of cells.
  package var units: Int
  /// The function of the candidate and of the state that is shown; not softmax.
  package var activation = Activation.tanh
  /// The function of the gates that weigh; not softmax.
  package var recurrentActivation = Activation.sigmoid
  /// Whether each gate has a bias.
  package var useBias = true
  /// Whether an LSTM's forget gate's bias starts at one instead of zero; nothing to other cells.
  package var unitForgetBias = true
  /// Whether there is an output for every time step, or for the last alone.
  package var returnSequences = false
  /// The part of the inputs that is set to zero in training, the same at each step of a sequence and
  /// for every gate; the others are divided by 1 − rate.
  package var dropout = 0.0
  /// The same for the outputs of the step before, as the sums read them.
  package var recurrentDropout = 0.0

  /// Everything but the cell and the number of cells has Keras's default.
  package init(_ cell: RecurrentCell, units: Int) {
    self.cell = cell
    self.units = units
  }
}

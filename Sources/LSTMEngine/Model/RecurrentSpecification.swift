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

  /// Makes a layer with the defaults of everything but the cell and the number of cells.
  package init(_ cell: RecurrentCell, units: Int) {
    self.cell = cell
    self.units = units
  }
}

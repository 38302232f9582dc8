/// The kinds of recurrent cells, by their names in a configuration.
package enum RecurrentCell: String, CaseIterable, Sendable {
  /// Long short-term memory (Hochreiter and Schmidhuber, 1997; forget gates by Gers and others, 2000).
  case lstm
  /// The gated recurrent unit (Cho and others, 2014) with the reset gate after the product, as Keras's
  /// `reset_after` and cuDNN have it.
  case gru
  /// tanh(W·x + U·h₋₁ + b) (Elman, 1990).
  case simpleRNN = "simple_rnn"

  /// The gates in Keras's column order: this is the order's only home. A cell whose units have one
  /// sum each has none.
  package var gates: [Quantity] {
    switch self {
    case .lstm: [.input, .forget, .cell, .output]
    case .gru: [.update, .reset, .candidate]
    case .simpleRNN: []
    }
  }

  /// What a unit hands on to the next step, its output last.
  package var states: [Quantity] { self == .lstm ? [.cellState, .hiddenState] : [.hiddenState] }

  /// The number of sums of each unit: one for each gate, or one.
  package var sums: Int { max(gates.count, 1) }

  /// The rows of the bias: one for each product with a bias of its own.
  package var biasRows: Int {
    switch self {
    case .lstm, .simpleRNN: 1
    case .gru: 2
    }
  }
}

/// What a recurrent cell computes in a step, a gate or a state, by its name in the public views.
package enum Quantity: String, Sendable {
  /// i, how much of the candidate enters an LSTM's state.
  case input
  /// f, how much of an LSTM's state stays.
  case forget
  /// C̃, the candidate for an LSTM's state.
  case cell
  /// o, how much of an LSTM's state is shown; the sums of a dense layer, too.
  case output
  /// How much of a GRU's output stays; Keras's z.
  case update
  /// How much of the step before enters a GRU's candidate; Keras's r.
  case reset
  /// The candidate for a GRU's output.
  case candidate
  /// U·h₋₁ + d, the sum that a GRU's reset gate weighs.
  case recurrentCandidate = "candidate_recurrent"
  /// C, an LSTM's state.
  case cellState = "cell_state"
  /// h, the output.
  case hiddenState = "hidden_state"

  /// Whether the next step reads it.
  package var isState: Bool { self == .cellState || self == .hiddenState }
}

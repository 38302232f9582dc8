/// The four gates of an LSTM, in Keras's column order: this is the order's only home.
package enum Gate: Int, CaseIterable, Sendable {
  /// i, how much of the candidate enters the state.
  case input
  /// f, how much of the state stays.
  case forget
  /// C̃, the candidate for the state.
  case cell
  /// o, how much of the state is shown.
  case output

  /// The gate's name in the public views.
  package var name: String {
    switch self {
    case .input: "input"
    case .forget: "forget"
    case .cell: "cell"
    case .output: "output"
    }
  }
}

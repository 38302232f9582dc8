/// The four gates of an LSTM, in Keras's column order: this is the order's only home.
package enum Gate: Int, CaseIterable, Sendable {
  case input
  case forget
  case cell
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

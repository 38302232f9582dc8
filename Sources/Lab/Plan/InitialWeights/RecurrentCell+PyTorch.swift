package import LSTMEngine

extension RecurrentCell {
  /// The gates in PyTorch's order of blocks, i f g o and r z n.
  package var pytorchGates: [Quantity] {
    switch self {
    case .lstm: [.input, .forget, .cell, .output]
    case .gru: [.reset, .update, .candidate]
    case .simpleRNN: []
    }
  }
}

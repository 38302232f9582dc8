import LSTMEngine

extension TensorNames {
  /// Returns what the program whose names these are must be told, or cannot do: a line for each
  /// recurrent layer whose functions are not those that the program takes by default.
  func notes(_ layers: [LayerSpecification]) -> [String] {
    layers.compactMap { layer in
      guard let recurrent = layer.recurrent, !recurrent.hasUsualFunctions else { return nil }
      return switch self {
      case .keras: nil  // every layer has the configuration's own names and functions
      case .pytorch: Self.pytorch(layer.name, recurrent)
      case .onnx: "layer \(layer.name) needs activations=\(Self.onnx(recurrent)) in each direction"
      }
    }
  }

  /// torch.nn.RNN has relu beside tanh; the others have tanh and sigmoid alone.
  private static func pytorch(_ name: String, _ layer: RecurrentSpecification) -> String {
    switch layer.cell {
    case .simpleRNN where layer.activation == .relu:
      "layer \(name) needs torch.nn.RNN(…, nonlinearity='relu')"
    case .simpleRNN: "torch.nn.RNN computes layer \(name) with tanh or relu only"
    case .lstm: "torch.nn.LSTM computes layer \(name) with tanh and sigmoid only"
    case .gru: "torch.nn.GRU computes layer \(name) with tanh and sigmoid only"
    }
  }

  /// The operators' attribute: f of the gates, g of the candidate, and an LSTM's h of the cell.
  private static func onnx(_ layer: RecurrentSpecification) -> [String] {
    let gate = onnx(layer.recurrentActivation), cell = onnx(layer.activation)
    return switch layer.cell {
    case .lstm: [gate, cell, cell]
    case .gru: [gate, cell]
    case .simpleRNN: [cell]
    }
  }

  private static func onnx(_ activation: Activation) -> String {
    switch activation {
    case .linear: "Affine"  // alpha 1, beta 0
    case .sigmoid: "Sigmoid"
    case .tanh: "Tanh"
    case .relu: "Relu"
    case .softmax: "Softmax"
    }
  }
}

extension RecurrentSpecification {
  /// Whether the layer computes with tanh, and its gates with sigmoid.
  fileprivate var hasUsualFunctions: Bool {
    activation == .tanh && (cell == .simpleRNN || recurrentActivation == .sigmoid)
  }
}

import LSTMEngine

/// What the name of a tensor says in the ways of Keras and PyTorch, apart from any model.
struct WeightName: Equatable {
  /// Which of its layer's tensors it is.
  enum Role: Equatable {
    /// Keras's word for it: `kernel`.
    case keras(ParameterTensor.Source)
    /// Its number among its layer's tensors, as Keras's weight files have it: `vars/0`.
    case variable(Int)
    /// A recurrent module's tensor: `weight_ih_l0`, `bias_hh_l1_reverse`.
    case pytorchCell(PyTorchTensor, level: Int, isReverse: Bool)
    /// The weight of a module without cells.
    case pytorchWeight
    /// The bias of a module without cells.
    case pytorchBias
  }

  /// The tensors of PyTorch's cells.
  enum PyTorchTensor: String, CaseIterable {
    case inputWeight = "weight_ih"
    case hiddenWeight = "weight_hh"
    case inputBias = "bias_ih"
    case hiddenBias = "bias_hh"
  }

  /// What stands before the role: the layer's name, with what is around and inside of it.
  let holder: [String]
  let role: Role

  /// Whether it is a name of PyTorch's.
  var isPyTorch: Bool {
    switch role {
    case .keras, .variable: false
    case .pytorchCell, .pytorchWeight, .pytorchBias: true
    }
  }

  /// Reads a name; nil where it is none of Keras's nor PyTorch's.
  init?(_ name: String) {
    let name = name.hasSuffix(":0") ? String(name.dropLast(2)) : name  // of TensorFlow's variables
    let isKeras = name.contains("/")
    let parts = name.split(separator: isKeras ? "/" : ".").map(String.init)
    guard parts.count > 1, let last = parts.last else { return nil }
    if isKeras {
      guard let keras = Self.kerasRole(parts) else { return nil }
      role = keras.role
      holder = Array(parts.dropLast(keras.words))
    } else {
      guard let pytorch = Self.pytorchRole(last) else { return nil }
      role = pytorch
      holder = Array(parts.dropLast())
    }
    guard !holder.isEmpty else { return nil }
  }

  private static func kerasRole(_ parts: [String]) -> (role: Role, words: Int)? {
    guard let last = parts.last else { return nil }
    if let source = ParameterTensor.Source(rawValue: last) { return (.keras(source), 1) }
    guard parts.count > 2, parts[parts.count - 2] == "vars", let number = Int(last) else {
      return nil
    }
    return (.variable(number), 2)
  }

  private static func pytorchRole(_ word: String) -> Role? {
    if word == "weight" { return .pytorchWeight }
    if word == "bias" { return .pytorchBias }
    for tensor in PyTorchTensor.allCases where word.hasPrefix(tensor.rawValue) {
      var rest = word.dropFirst(tensor.rawValue.count)
      let isReverse = rest.hasSuffix("_reverse")
      if isReverse { rest = rest.dropLast("_reverse".count) }
      if rest.isEmpty { return .pytorchCell(tensor, level: 0, isReverse: isReverse) }  // a cell
      guard rest.hasPrefix("_l"), let level = Int(rest.dropFirst(2)), level >= 0 else { return nil }
      return .pytorchCell(tensor, level: level, isReverse: isReverse)
    }
    return nil
  }

  /// Whether a tensor is no weight: the state of random numbers or of an optimizer, as Keras's files
  /// have them.
  static func isState(_ name: String) -> Bool {
    let parts = name.split(separator: "/")
    guard parts.count > 1 else { return false }
    return parts[0] == "optimizer" || parts.contains { $0.hasPrefix("seed_generator") }
  }
}

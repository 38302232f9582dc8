import LSTMEngine

/// Where a model has place for tensors by the names of Keras and PyTorch.
struct WeightPlaces {
  /// Where a tensor of a file belongs.
  struct Place: Hashable {
    /// The number of the model's tensor.
    let tensor: Int
    let form: Form
  }

  /// How a file has a tensor of the model.
  enum Form: CaseIterable {
    /// As the model has it.
    case same
    /// With a row for each column, gates in PyTorch's order.
    case turned
    /// A bias beside the product with the inputs, which is the first row of two or is added.
    case inputBias
    /// A bias beside the product with the outputs of the step before.
    case hiddenBias
  }

  /// A layer and the direction in it that a name speaks of.
  private struct Part: Equatable {
    var layer: Int
    var direction: Direction?
  }

  let layers: [LayerSpecification]
  let features: Int
  let tensors: [ParameterTensor]

  /// Returns where a tensor belongs; nil where the model has no such tensor.
  func place(of name: WeightName) -> Place? {
    switch name.role {
    case .keras(let source):
      return part(kerasHolder: name.holder, isCounted: false).flatMap {
        place(in: $0, source, .same)
      }
    case .variable(let number):
      guard let part = part(kerasHolder: name.holder, isCounted: true) else { return nil }
      let own = indices(of: part)
      return own.indices.contains(number) ? Place(tensor: own[number], form: .same) : nil
    case .pytorchCell(let tensor, let level, let isReverse):
      guard let layer = cells(of: name.holder, level: level) else { return nil }
      let isTwoWay = layers[layer].type == .bidirectional
      guard isTwoWay || !isReverse else { return nil }
      let direction: Direction? = isTwoWay ? (isReverse ? .backward : .forward) : nil
      return place(in: Part(layer: layer, direction: direction), tensor)
    case .pytorchWeight, .pytorchBias:
      guard let layer = layer(pytorchHolder: name.holder), layers[layer].recurrent == nil else {
        return nil
      }
      let part = Part(layer: layer)
      if name.role == .pytorchBias { return place(in: part, .bias, .same) }
      return place(in: part, .input, .turned) ?? place(in: part, .lookup, .same)
    }
  }

  /// Returns the layer that a name speaks of, even where it has no such tensor.
  func layer(of name: WeightName) -> Int? {
    switch name.role {
    case .keras: part(kerasHolder: name.holder, isCounted: false)?.layer
    case .variable: part(kerasHolder: name.holder, isCounted: true)?.layer
    case .pytorchCell(_, let level, _): cells(of: name.holder, level: level)
    case .pytorchWeight, .pytorchBias: layer(pytorchHolder: name.holder)
    }
  }

  private func place(in part: Part, _ tensor: WeightName.PyTorchTensor) -> Place? {
    switch tensor {
    case .inputWeight: place(in: part, .input, .turned)
    case .hiddenWeight: place(in: part, .hidden, .turned)
    case .inputBias: place(in: part, .bias, .inputBias)
    case .hiddenBias: place(in: part, .bias, .hiddenBias)
    }
  }

  private func place(in part: Part, _ source: ParameterTensor.Source, _ form: Form) -> Place? {
    indices(of: part).first { tensors[$0].source == source }
      .map { Place(tensor: $0, form: form) }
  }

  private func indices(of part: Part) -> [Int] {
    tensors.indices.filter {
      tensors[$0].layer == layers[part.layer].name && tensors[$0].direction == part.direction
    }
  }

  // MARK: Keras

  /// `lstm`, `sequential/lstm/lstm_cell`, `bidirectional/forward_lstm/lstm_cell`,
  /// `layers/lstm/cell`.
  ///
  /// - Parameter isCounted: Whether layers are named by their class and a count, as in Keras's weight
  ///   files, whatever their own names are.
  private func part(kerasHolder holder: [String], isCounted: Bool) -> Part? {
    let withoutCell = holder.count > 1 && Self.isCell(holder[holder.count - 1])
    for rest in (withoutCell ? [Array(holder.dropLast())] : []) + [holder] {
      for index in layers.indices {
        var words = rest[...]
        var direction: Direction?
        if layers[index].type == .bidirectional {
          guard words.count > 1, let word = words.popLast() else { continue }
          direction = Direction.allCases.first {
            word == $0.rawValue || word.hasPrefix("\($0.rawValue)_")
          }
          guard direction != nil else { continue }
        }
        guard let name = words.last else { continue }
        let isInWeightFile =
          isCounted && words.dropLast().last.map(Self.isListOfLayers) == true
        if name == (isInWeightFile ? countedName(of: index) : layers[index].name) {
          return Part(layer: index, direction: direction)
        }
      }
    }
    return nil
  }

  private static func isListOfLayers(_ word: String) -> Bool {
    word == "layers" || word == "_layer_checkpoint_dependencies"
  }

  /// `cell`, `lstm_cell`, `gru_cell_3`.
  private static func isCell(_ word: String) -> Bool {
    word == "cell"
      || RecurrentCell.allCases.contains {
        word == "\($0.rawValue)_cell" || word.hasPrefix("\($0.rawValue)_cell_")
      }
  }

  /// The name that a weight file of Keras gives the layer: its class, then with `_1`, `_2`, ….
  private func countedName(of index: Int) -> String {
    let type = layers[index].type
    let before = layers[..<index].count { $0.type == type }
    return before == 0 ? type.rawValue : "\(type.rawValue)_\(before)"
  }

  // MARK: PyTorch

  /// The layer whose name the holder is, or ends with: the longest one.
  private func layer(pytorchHolder holder: [String]) -> Int? {
    let path = holder.joined(separator: ".")
    return layers.indices
      .filter { layers[$0].name == path || path.hasSuffix("." + layers[$0].name) }
      .max { layers[$0].name.utf8.count < layers[$1].name.utf8.count }
  }

  /// The recurrent layer that a module's level is: the first one has its name, the others follow it,
  /// with nothing but dropout between them.
  private func cells(of holder: [String], level: Int) -> Int? {
    guard let first = layer(pytorchHolder: holder) else { return nil }
    let stack = layers[first...].indices.filter { layers[$0].type != .dropout }
    guard level < stack.count,
      stack[...(stack.startIndex + level)].allSatisfy({ layers[$0].recurrent != nil })
    else { return nil }
    return stack[stack.startIndex + level]
  }
}

extension WeightPlaces {
  /// Takes the layers of a network.
  init(_ layers: [LayerSpecification], features: Int) {
    self.layers = layers
    self.features = features
    tensors = ParameterLayout(layers, features: features).tensors
  }

  /// Returns the places of the same model with another name of one layer.
  func renaming(_ layer: Int, to name: String) -> WeightPlaces {
    var layers = layers
    layers[layer].name = name
    return WeightPlaces(layers, features: features)
  }
}

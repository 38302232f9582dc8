import LSTMEngine
import LabFormats

/// The tensors of a file, each brought to its place in a model, or refused.
struct GivenWeights {
  /// The tensors by their places; only looked up.
  typealias Placed = (tensors: [WeightPlaces.Place: NamedTensor], notes: [String])

  let path: String
  let isPartial: Bool
  let places: WeightPlaces

  /// Returns the tensors of every layer that the file has.
  func placed(_ tensors: [NamedTensor]) throws(LabError) -> Placed {
    let numbered = try numbered(tensors)
    var placed: [WeightPlaces.Place: NamedTensor] = [:]
    var unknown: [NamedTensor] = []
    for tensor in tensors {
      let name = WeightName(tensor.name)
      if let place = numbered[tensor.name] ?? name.flatMap(places.place) {
        try requireRoom(for: tensor, at: place, beside: placed)
        placed[place] = tensor
      } else if !isPartial || name.flatMap(places.layer) != nil {
        unknown.append(tensor)
      }
    }
    if let first = unknown.first {
      throw error(
        "the file holds `\(first.name)`, which the model does not have",
        next: renaming(unknown, beside: placed) ?? list)
    }
    try requireWhole(placed, tensors)
    for index in places.tensors.indices {
      for form in WeightPlaces.Form.allCases {
        let place = WeightPlaces.Place(tensor: index, form: form)
        guard let tensor = placed[place] else { continue }
        try requireShape(tensor, at: place)
        try requireFinite(tensor)
      }
    }
    return (placed, isPartial ? [parts(of: placed, tensors)] : [])
  }

  /// Refuses a second tensor for one of the model's, but for the two biases of PyTorch's cells.
  private func requireRoom(
    for tensor: NamedTensor, at place: WeightPlaces.Place,
    beside placed: [WeightPlaces.Place: NamedTensor]
  ) throws(LabError) {
    let biases: [WeightPlaces.Form] = [.inputBias, .hiddenBias]
    for form in WeightPlaces.Form.allCases {
      guard let other = placed[WeightPlaces.Place(tensor: place.tensor, form: form)],
        form == place.form || !biases.contains(form) || !biases.contains(place.form)
      else { continue }
      throw error(
        "`\(other.name)` and `\(tensor.name)` are both `\(places.tensors[place.tensor].path)`",
        next: "keep one of them in the file")
    }
  }

  // MARK: Arrays without names

  /// The places of arrays named `arr_0`, …, as `np.savez(path, *model.get_weights())` has them; none
  /// where tensors have names of their own.
  private func numbered(
    _ tensors: [NamedTensor]
  ) throws(LabError) -> [String: WeightPlaces.Place] {
    let numbers = tensors.compactMap { tensor in
      tensor.name.hasPrefix("arr_") ? Int(tensor.name.dropFirst(4)) : nil
    }
    guard !tensors.isEmpty, numbers.count == tensors.count else { return [:] }
    let count = places.tensors.count
    guard numbers.sorted() == Array(0..<count) else {
      throw error(
        "the file holds \(numbers.count) arrays without names, and the model has \(count) tensors",
        next: isPartial
          ? "save them with names: `np.savez(path, **{w.path: w.numpy() for w in model.weights})`"
          : "all are needed, in the order of Keras's `get_weights`: " + shapes)
    }
    return zip(tensors, numbers).reduce(into: [:]) { known, pair in
      known[pair.0.name] = WeightPlaces.Place(tensor: pair.1, form: .same)
    }
  }

  // MARK: What a layer needs

  /// The forms in which a tensor must be there, given one of them.
  private func forms(of tensor: Int, like form: WeightPlaces.Form) -> [WeightPlaces.Form] {
    switch form {
    case .same, .turned: [form]
    case .inputBias, .hiddenBias: [.inputBias, .hiddenBias]
    }
  }

  /// Refuses a model whose tensors are not all there; with `isPartial`, a layer that is there in part.
  private func requireWhole(
    _ placed: [WeightPlaces.Place: NamedTensor], _ tensors: [NamedTensor]
  ) throws(LabError) {
    let given = Set(placed.keys.map { places.tensors[$0.tensor].layer })
    if isPartial, given.isEmpty {
      throw error(
        "the file has no layer of the model", next: renaming(tensors, beside: [:]) ?? list)
    }
    for (index, tensor) in places.tensors.enumerated()
    where !isPartial || given.contains(tensor.layer) {
      let found = placed.keys.filter { $0.tensor == index }
      let missing =
        found.isEmpty || found.count < forms(of: index, like: found[found.startIndex].form).count
      guard missing else { continue }
      let half = found.first.map { placed[$0]?.name ?? "" }
      throw error(
        "the file lacks " + (half.map { "what belongs to `\($0)`" } ?? "`\(tensor.path)`"),
        next: list
          + (given.isEmpty || isPartial || !isWhole(placed)
            ? ""
            : "; to draw layers that the file lacks: `{\"file\": …, \"partial\": true}`"))
    }
  }

  /// Whether every layer of which anything is there is there whole.
  private func isWhole(_ placed: [WeightPlaces.Place: NamedTensor]) -> Bool {
    let given = Set(placed.keys.map { places.tensors[$0.tensor].layer })
    let present = Set(placed.keys.map(\.tensor))
    return places.tensors.indices.allSatisfy {
      !given.contains(places.tensors[$0].layer) || present.contains($0)
    }
  }

  /// The shape that a file has a tensor in.
  private func shape(at place: WeightPlaces.Place) -> [Int] {
    let tensor = places.tensors[place.tensor]
    return switch place.form {
    case .same: tensor.kerasShape
    case .turned: [tensor.columns, tensor.rows]
    case .inputBias, .hiddenBias: [tensor.columns]
    }
  }

  private func requireShape(
    _ tensor: NamedTensor, at place: WeightPlaces.Place
  ) throws(LabError) {
    let wanted = shape(at: place)
    guard tensor.shape != wanted else { return }
    let target = places.tensors[place.tensor]
    let role = tensor.name == target.path ? "" : " for `\(target.path)`"
    throw error(
      "`\(tensor.name)` has the shape \(tensor.shape), and the model needs \(wanted)\(role)",
      next: shapeAdvice(tensor, target, wanted))
  }

  private func shapeAdvice(
    _ tensor: NamedTensor, _ target: ParameterTensor, _ wanted: [Int]
  ) -> String {
    if tensor.shape == [target.columns], target.rows == 2, target.source == .bias {
      return "it is of a GRU with `reset_after=False`, which has another equation: only one with "
        + "`reset_after=True`, Keras's default, can be read"
    }
    if tensor.name.hasPrefix("arr_"), tensor.shape == wanted.reversed() {
      return "PyTorch's weights need their names: "
        + "`np.savez(path, **{k: v.numpy() for k, v in model.state_dict().items()})`"
    }
    return "check `units` and the number of features, or transpose the array"
      + (isPartial ? "; to draw layer `\(target.layer)`, give it another `name`" : "")
  }

  private func requireFinite(_ tensor: NamedTensor) throws(LabError) {
    guard let bad = tensor.values.firstIndex(where: { !$0.isFinite }) else { return }
    throw error(
      "`\(tensor.name)\(FloatArray.place(of: bad, in: tensor.shape))` is \(tensor.values[bad])"
        + (tensor.conversion == nil ? "" : " as float32"), next: "weights must be finite")
  }

  // MARK: What is told

  /// Which layers were taken, drawn and passed over.
  private func parts(
    of placed: [WeightPlaces.Place: NamedTensor], _ tensors: [NamedTensor]
  ) -> String {
    let given = Set(placed.keys.map { places.tensors[$0.tensor].layer })
    let layers = places.layers.map(\.name).filter { name in
      places.tensors.contains { $0.layer == name }
    }
    let taken = Set(placed.values.map(\.name))
    let list = { (names: [String]) in
      names.isEmpty ? "none" : names.map { "`\($0)`" }.joined(separator: ", ")
    }
    let others = tensors.map(\.name).filter { !taken.contains($0) }
    return "layers taken from the file: \(list(layers.filter(given.contains))); drawn: "
      + list(layers.filter { !given.contains($0) })
      + (others.isEmpty ? "" : "; left out of the file: \(list(others))")
  }

  private func error(_ what: String, next: String) -> LabError {
    LabError(.data, what, where: path, next: next)
  }

  private var shapes: String {
    places.tensors.map { "`\($0.path)` \($0.kerasShape)" }.joined(separator: ", ")
  }

  private var list: String { "the model's tensors are " + shapes }

  /// Advice to name layers as the file does, where each of its layers fits one that has none.
  private func renaming(
    _ unknown: [NamedTensor], beside placed: [WeightPlaces.Place: NamedTensor]
  ) -> String? {
    let given = Set(placed.keys.map { places.tensors[$0.tensor].layer })
    var words: [String] = []
    for word in unknown.compactMap({ WeightName($0.name) }).flatMap(\.layerWords)
    where !words.contains(word) { words.append(word) }
    var pairs: [(layer: String, name: String)] = []
    for word in words where !places.layers.contains(where: { $0.name == word }) {
      let fitting = places.layers.indices.filter { index in
        !given.contains(places.layers[index].name)
          && fits(unknown, places.renaming(index, to: word), word)
      }
      guard fitting.count == 1 else { continue }
      pairs.append((places.layers[fitting[0]].name, word))
    }
    let isClear = Set(pairs.map(\.layer)).count == pairs.count
    guard !pairs.isEmpty, isClear else { return nil }
    return "the shapes fit; name the model's layers as the file does: "
      + pairs.map { "`\($0.layer)` with `\"name\": \"\($0.name)\"`" }.joined(separator: ", ")
  }

  /// Whether tensors fill a layer of a model with its shapes, and hold nothing more of it.
  private func fits(_ tensors: [NamedTensor], _ model: WeightPlaces, _ layer: String) -> Bool {
    let file = GivenWeights(path: path, isPartial: true, places: model)
    let own = tensors.filter { tensor in
      WeightName(tensor.name).flatMap(model.layer).map { model.layers[$0].name == layer } ?? false
    }
    return !own.isEmpty && (try? file.placed(own)) != nil
  }
}

extension WeightName {
  /// The words of the name that can be a layer's.
  fileprivate var layerWords: [String] {
    let words = isPyTorch ? Array(holder.suffix(1)) : holder
    return words.filter { word in
      (1...100).contains(word.utf8.count)
        && word.utf8.allSatisfy { Byte.isDigit($0) || "._-".utf8.contains($0) || Byte.isLetter($0) }
    }
  }
}

import LSTMEngine
import LabFormats
import LabStore

/// The matrices of a recurrent layer as the equations have them: W_f, W_i, W_C and W_o on [h, x].
struct ConcatenatedWeights {
  let weights: StoredWeights

  /// Returns one row a unit and gate: its weights on h₀ …, x₀ … and its bias; gates in the order in
  /// which the equations come.
  ///
  /// Layers have one row after the other; a column that a layer does not have is empty there.
  ///
  /// - Parameter units: The units that have a row; nil for all.
  func table(layer: String?, units: IndexRanges?) throws(LabError) -> Table {
    let known = weights.layers.filter { layer in
      weights.tensors.contains { $0.layer == layer && $0.source == .hidden }
    }
    guard !known.isEmpty else {
      throw LabError(
        .notFound, "the model has no recurrent layer", where: weights.place,
        next: "leave out --concat")
    }
    let layers =
      try layer.map { name throws(LabError) in
        [try Nearest.name(name, among: known, what: "recurrent layer", where: weights.place)]
      } ?? known
    let titles = [TensorDescription.Source.hidden, .input, .bias].flatMap { source in
      unique(layers.flatMap { names(of: source, in: tensors(of: $0)) })
    }
    let count = layers.flatMap { tensors(of: $0).map(\.tensor.units) }.max() ?? 1
    _ = try units?.indices(below: count, what: "unit", where: weights.place)
    let lines = layers.flatMap { rows(of: $0, titles: titles) }.filter { row in
      if case .integer(let unit) = row[2] { units?.contains(unit) ?? true } else { true }
    }
    return Table(
      columns: [.init("layer", .text), .init("matrix", .text), .init("unit", .integer)]
        + titles.map { .init($0, .number) }, rows: lines)
  }

  private func tensors(of layer: String) -> [(index: Int, tensor: TensorDescription)] {
    weights.tensors.enumerated().filter { $0.element.layer == layer }.map {
      (index: $0.offset, tensor: $0.element)
    }
  }

  /// The names of the rows that multiply one source.
  private func names(
    of source: TensorDescription.Source, in tensors: [(index: Int, tensor: TensorDescription)]
  ) -> [String] {
    tensors.map(\.tensor).filter { $0.source == source }.flatMap { tensor in
      (0..<tensor.rows).compactMap { tensor.sourceName(ofRow: $0) }
    }
  }

  private func rows(of layer: String, titles: [String]) -> [[Table.Cell]] {
    let tensors = tensors(of: layer)
    let directions = unique(tensors.map(\.tensor.part.direction))
    return directions.flatMap { direction in
      let own = tensors.filter { $0.tensor.part.direction == direction }
      let gates = Self.inOrderOfEquations(own[0].tensor.gates)
      return gates.flatMap { gate in
        (0..<own[0].tensor.units).map { unit in
          row(layer, direction, own, gate: gate, unit: unit, titles: titles)
        }
      }
    }
  }

  private func row(
    _ layer: String, _ direction: LayerPart.Direction?,
    _ tensors: [(index: Int, tensor: TensorDescription)], gate: String?, unit: Int, titles: [String]
  ) -> [Table.Cell] {
    var cells = [Table.Cell](repeating: .null, count: titles.count)
    for (index, tensor) in tensors {
      let block = gate.flatMap { tensor.gates.firstIndex(of: $0) } ?? 0
      for row in 0..<tensor.rows {
        guard let source = tensor.sourceName(ofRow: row),
          let column = titles.firstIndex(of: source)
        else { continue }
        let element = row * tensor.cols + block * tensor.units + unit
        cells[column] = .real(Double(weights.values[index][element]))
      }
    }
    let index = gate.map { "_" + (Quantity(rawValue: $0)?.index ?? $0) } ?? ""
    let matrix = LayerPart(direction, "W" + index).text ?? ""
    return [.text(layer), .text(matrix), .integer(unit)] + cells
  }

  /// Forget, input, candidate, output: the order in which an LSTM is explained; others as stored.
  private static func inOrderOfEquations(_ gates: [String]) -> [String?] {
    let lstm = [Quantity.forget, .input, .cell, .output].map(\.rawValue)
    if gates.isEmpty { return [nil] }
    return gates.sorted() == lstm.sorted() ? lstm : gates
  }

  private func unique<Value: Equatable>(_ values: [Value]) -> [Value] {
    values.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}

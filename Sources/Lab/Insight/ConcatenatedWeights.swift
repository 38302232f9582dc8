import LabFormats
import LabStore

/// The matrices of a recurrent layer as the equations have them: W_f, W_i, W_C and W_o on [h, x].
struct ConcatenatedWeights {
  let weights: StoredWeights

  /// The name of each gate's matrix and bias in the equations, by the gate's name in the views.
  static func letter(of gate: String) -> String {
    switch gate {
    case "input": "i"
    case "forget": "f"
    case "cell": "C"
    case "output": "o"
    case "update": "u"
    case "reset": "r"
    case "candidate": "h"
    default: gate
    }
  }

  /// Returns one row a unit and gate: its weights on h₀ …, x₀ … and its bias; gates in the order in
  /// which the equations come.
  ///
  /// Layers have one row after the other; a column that a layer has not is empty there.
  func table(layer: String?) throws(LabError) -> Table {
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
    var sources: [String] = []
    for name in layers { sources += Self.sources(of: tensors(of: name)) }
    let (biases, products) = (sources.filter(Self.isBias), sources.filter { !Self.isBias($0) })
    let titles =
      unique(products.filter { $0.hasPrefix("h") }) + unique(products.filter { !$0.hasPrefix("h") })
      + unique(biases)
    let lines = layers.flatMap { rows(of: $0, titles: titles) }
    return Table(
      columns: [.init("layer", .text), .init("matrix", .text), .init("unit", .integer)]
        + titles.map { .init($0, .number) }, rows: lines)
  }

  private func tensors(of layer: String) -> [(index: Int, tensor: TensorDescription)] {
    weights.tensors.enumerated().filter { $0.element.layer == layer }.map {
      (index: $0.offset, tensor: $0.element)
    }
  }

  private static func isBias(_ source: String) -> Bool { source.hasSuffix("bias") }

  private static func sources(of tensors: [(index: Int, tensor: TensorDescription)]) -> [String] {
    tensors.flatMap { entry in
      (0..<entry.tensor.rows).map { entry.tensor.sourceName(ofRow: $0) }
    }
  }

  private func rows(of layer: String, titles: [String]) -> [[Table.Cell]] {
    let tensors = tensors(of: layer)
    let directions = unique(tensors.map { Self.direction(of: $0.tensor) })
    return directions.flatMap { direction in
      let own = tensors.filter { Self.direction(of: $0.tensor) == direction }
      let gates = Self.inOrderOfEquations(own[0].tensor.gates)
      return gates.flatMap { gate in
        (0..<own[0].tensor.units).map { unit in
          row(layer, direction, own, gate: gate, unit: unit, titles: titles)
        }
      }
    }
  }

  private func row(
    _ layer: String, _ direction: String, _ tensors: [(index: Int, tensor: TensorDescription)],
    gate: String?, unit: Int, titles: [String]
  ) -> [Table.Cell] {
    var cells = [Table.Cell](repeating: .null, count: titles.count)
    for (index, tensor) in tensors {
      let block = gate.flatMap { tensor.gates.firstIndex(of: $0) } ?? 0
      for row in 0..<tensor.rows {
        guard let column = titles.firstIndex(of: tensor.sourceName(ofRow: row)) else { continue }
        let element = row * tensor.cols + block * tensor.units + unit
        cells[column] = .real(Double(weights.values[index][element]))
      }
    }
    let matrix = direction + "W" + (gate.map { "_" + Self.letter(of: $0) } ?? "")
    return [.text(layer), .text(matrix), .integer(unit)] + cells
  }

  /// `forward/` of `forward/kernel`; nothing in a layer of one direction.
  private static func direction(of tensor: TensorDescription) -> String {
    tensor.tensor.lastIndex(of: "/").map { String(tensor.tensor[...$0]) } ?? ""
  }

  /// Forget, input, candidate, output: the order in which an LSTM is explained; others as stored.
  private static func inOrderOfEquations(_ gates: [String]) -> [String?] {
    let lstm = ["forget", "input", "cell", "output"]
    if gates.isEmpty { return [nil] }
    return gates.sorted() == lstm.sorted() ? lstm : gates
  }

  private func unique(_ names: [String]) -> [String] {
    names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}

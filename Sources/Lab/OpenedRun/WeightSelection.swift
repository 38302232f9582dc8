import LabFormats
import LabStore

/// Which weights of a model are asked for.
package struct WeightSelection: Equatable, Sendable {
  /// `lstm/kernel`, `lstm/kernel[0,3]`, `lstm/bias[7]`; none for all.
  package var paths: [String] = []
  /// The layer's name.
  package var layer: String?
  /// The gate's name.
  package var gate: String?
  /// The units that a weight leads to, from 0.
  package var units: IndexRanges?
  /// `x1`, `h0` or `bias`.
  package var source: String?

  /// Selects all weights.
  package init() {}

  /// Whether all weights are asked for.
  package var isEmpty: Bool { self == WeightSelection() }

  /// Returns the places that are asked for, in canonical order: at least one.
  ///
  /// - Throws: The nearest right name or number where there is none such.
  func places(in tensors: [TensorDescription], where place: String) throws(LabError)
    -> [WeightPlace]
  {
    let paths = try paths.map { text throws(LabError) in
      try WeightPath(text, in: tensors, where: place)
    }
    try check(tensors, where: place)
    var places: [WeightPlace] = []
    for (index, tensor) in tensors.enumerated() {
      let own = paths.filter { $0.tensor == index }
      if !paths.isEmpty, own.isEmpty { continue }
      if let layer, tensor.layer != layer { continue }
      let only = own.count == 1 ? own[0] : nil
      for row in only?.row.map({ $0..<$0 + 1 }) ?? 0..<tensor.rows {
        if let source, tensor.sourceName(ofRow: row) != source { continue }
        for col in only?.col.map({ $0..<$0 + 1 }) ?? 0..<tensor.cols {
          guard own.isEmpty || own.contains(where: { $0.holds(row, col) }) else { continue }
          let weight = WeightPlace(tensor: index, row: row, col: col, description: tensor)
          if let gate, !Self.isGate(weight.gate, gate, of: tensor) { continue }
          if let units, !units.contains(weight.unit) { continue }
          places.append(weight)
        }
      }
    }
    guard !places.isEmpty else {
      throw LabError(
        .notFound, "no weight meets all these conditions", where: place,
        next: "leave out one of --layer, --gate, --units and --source")
    }
    return places
  }

  /// Whether a gate is what a name means: an LSTM's `cell` is a candidate, too.
  private static func isGate(_ gate: String?, _ name: String, of tensor: TensorDescription) -> Bool
  {
    gate == name || name == "candidate" && gate == "cell" && !tensor.gates.contains(name)
  }

  private static func hasGate(_ tensor: TensorDescription, _ name: String) -> Bool {
    tensor.gates.contains { isGate($0, name, of: tensor) }
  }

  /// Checks each condition on its own, so that the message can name what is wrong.
  private func check(_ tensors: [TensorDescription], where place: String) throws(LabError) {
    if let layer {
      _ = try Nearest.name(layer, among: unique(tensors.map(\.layer)), what: "layer", where: place)
    }
    let here = tensors.filter { layer == nil || $0.layer == layer }
    if let gate {
      let gates = unique(here.flatMap(\.gates))
      guard !gates.isEmpty else {
        throw LabError(
          .notFound, "layer `\(layer ?? "")` has no gates", where: place, next: "leave out --gate")
      }
      if !here.contains(where: { Self.hasGate($0, gate) }) {
        let names = gates + (gates.contains("cell") ? ["candidate"] : [])
        _ = try Nearest.name(gate, among: unique(names), what: "gate", where: place)
      }
    }
    let gated = here.filter { gate == nil || Self.hasGate($0, gate ?? "") }
    if let units {
      let count = gated.map(\.units).max() ?? 1
      _ = try units.indices(below: count, what: "unit", where: place)
    }
    if let source {
      let sources = unique(
        gated.flatMap { tensor in (0..<tensor.rows).compactMap { tensor.sourceName(ofRow: $0) } })
      _ = try Nearest.name(source, among: sources, what: "source", where: place)
    }
  }

  private func unique(_ names: [String]) -> [String] {
    names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}

/// A weight's or tensor's path as the user wrote it, checked with a model.
struct WeightPath: Equatable {
  /// The tensor's place in canonical order.
  let tensor: Int
  /// The row and column, or nil for all.
  let row, col: Int?

  /// Whether a place in the tensor is meant.
  func holds(_ row: Int, _ col: Int) -> Bool {
    (self.row ?? row) == row && (self.col ?? col) == col
  }

  /// Reads `lstm/kernel`, `lstm/kernel[0,3]`, `lstm/bias[7]`.
  init(_ text: String, in tensors: [TensorDescription], where place: String) throws(LabError) {
    let parts = text.split(separator: "[", maxSplits: 1, omittingEmptySubsequences: false)
    let path = try Nearest.name(
      String(parts[0]), among: tensors.map(\.path), what: "tensor", where: place)
    tensor = tensors.firstIndex { $0.path == path } ?? 0
    guard parts.count == 2 else {
      row = nil
      col = nil
      return
    }
    let description = tensors[tensor]
    let numbers =
      parts[1].hasSuffix("]")
      ? parts[1].dropLast().split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
      : []
    let isVector = description.isVector
    guard !numbers.contains(nil), numbers.count == 2 || numbers.count == 1 && isVector else {
      throw LabError(
        .usage, "`\(Visible.line(text))` names no weight", where: place,
        next: "write '\(path)" + (isVector ? "[COLUMN]'" : "[ROW,COLUMN]'"))
    }
    let known = numbers.compactMap { $0 }
    row = try Nearest.number(
      known.count == 2 ? known[0] : 0, in: 0..<description.rows, what: "\(path) row",
      where: place)
    col = try Nearest.number(
      known[known.count - 1], in: 0..<description.cols, what: "\(path) column", where: place)
  }
}

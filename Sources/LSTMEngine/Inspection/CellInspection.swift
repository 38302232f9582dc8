/// A recurrent layer computed in the open: one sequence, one step after the other, with everything
/// that a cell computes on its way kept.
///
/// Every number is the one that the layer's kernel computes, to the bit.
struct CellInspection {
  let layer: RecurrentSpecification
  let weights: InspectedWeights
  let kernels: Kernels

  /// One step of a cell: its sums and its quantities, in the order of their names.
  struct Step {
    var sums: [[Float]]
    var quantities: [[Float]]
    /// h, the step's output.
    var hidden: [Float] { quantities[quantities.count - 1] }
  }

  /// The names of a step's quantities.
  var names: [String] {
    switch layer.cell {
    case .lstm: layer.cell.gates.map(\.rawValue) + ["cell_state", "hidden_state"]
    }
  }

  /// The names of a step's sums.
  var sumNames: [String] { layer.cell.gates.map(\.rawValue) }

  /// Computes all steps of a sequence: (T, I).
  func trace(_ x: [[Float]]) -> (sums: [TraceQuantity], quantities: [TraceQuantity]) {
    var sums = sumNames.map { TraceQuantity($0) }
    var quantities = names.map { TraceQuantity($0) }
    var before: Step?
    for input in x {
      let step = self.step(input, after: before)
      for index in sums.indices { sums[index].values.append(step.sums[index]) }
      for index in quantities.indices { quantities[index].values.append(step.quantities[index]) }
      before = step
    }
    return (sums, quantities)
  }

  private func step(_ x: [Float], after before: Step?) -> Step {
    switch layer.cell {
    case .lstm: lstm(x, after: before)
    }
  }

  /// z = b + W·x + U·h₋₁ of one gate, all units.
  private func sum(_ gate: Int, _ x: [Float], _ before: Step?) -> [Float] {
    (0..<layer.units).map { unit in
      let column = gate * layer.units + unit
      return weights.addingRecurrent(weights.sum(column, x), column, before?.hidden)
    }
  }

  private func gate(_ z: [Float]) -> [Float] { kernels.map(layer.recurrentActivation, z) }
  private func cell(_ z: [Float]) -> [Float] { kernels.map(layer.activation, z) }

  /// f, i, o = σ(z)   C̃ = tanh(z)   C = f ⊙ C₋₁ + i ⊙ C̃   h = o ⊙ tanh(C)
  private func lstm(_ x: [Float], after before: Step?) -> Step {
    let sums = layer.cell.gates.indices.map { sum($0, x, before) }
    var gates: [Gate: [Float]] = [:]
    for (name, z) in zip(layer.cell.gates, sums) {
      gates[name] = name == .cell ? cell(z) : gate(z)
    }
    let (i, f) = (gates[.input, default: []], gates[.forget, default: []])
    let (g, o) = (gates[.cell, default: []], gates[.output, default: []])
    let cBefore = before.map { $0.quantities[layer.cell.gates.count] }
    let c = (0..<layer.units).map { unit in
      (i[unit] * g[unit]).addingProduct(f[unit], cBefore?[unit] ?? 0)  // C = f ⊙ C₋₁ + i ⊙ C̃
    }
    let h = zip(o, cell(c)).map { $0 * $1 }  // h = o ⊙ tanh(C)
    return Step(
      sums: sums, quantities: layer.cell.gates.map { gates[$0, default: []] } + [c, h])
  }
}

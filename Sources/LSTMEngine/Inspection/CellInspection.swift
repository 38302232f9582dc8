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
  var names: [String] { layer.cell.quantityNames }

  /// The names of a step's sums.
  var sumNames: [String] {
    switch layer.cell {
    case .lstm: layer.cell.gates.map(\.rawValue)
    case .gru: layer.cell.gates.map(\.rawValue) + ["candidate_recurrent"]  // the last: U·h₋₁ + d
    case .simpleRNN: ["hidden_state"]
    }
  }

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
    case .gru: gru(x, after: before)
    case .simpleRNN: simpleRNN(x, after: before)
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
    let order = layer.cell.gates
    let sums = order.indices.map { sum($0, x, before) }
    let gates = zip(order, sums).map { $0 == .cell ? cell($1) : gate($1) }
    func value(_ name: Gate) -> [Float] { order.firstIndex(of: name).map { gates[$0] } ?? [] }
    let (f, i, g, o) = (value(.forget), value(.input), value(.cell), value(.output))
    let cBefore = before.map { $0.quantities[order.count] }
    let c = (0..<layer.units).map { unit in
      (i[unit] * g[unit]).addingProduct(f[unit], cBefore?[unit] ?? 0)  // C = f ⊙ C₋₁ + i ⊙ C̃
    }
    let h = zip(o, cell(c)).map { $0 * $1 }  // h = o ⊙ tanh(C)
    return Step(sums: sums, quantities: gates + [c, h])
  }

  /// u, r = σ(z)   h̃ = tanh(W·x + b + r ⊙ (U·h₋₁ + d))   h = u ⊙ h₋₁ + (1 − u) ⊙ h̃
  private func gru(_ x: [Float], after before: Step?) -> Step {
    func column(_ gate: Gate, _ unit: Int) -> Int {
      (layer.cell.gates.firstIndex(of: gate) ?? 0) * layer.units + unit
    }
    func sum(_ gate: Gate) -> [Float] {
      (0..<layer.units).map { unit in
        let column = column(gate, unit)
        return weights.addingRecurrent(
          weights.sumWithBothBiases(column, x), column, before?.hidden)
      }
    }
    let (zUpdate, zReset) = (sum(.update), sum(.reset))
    let (u, r) = (gate(zUpdate), gate(zReset))
    let q = (0..<layer.units).map { unit in
      weights.recurrentSum(column(.candidate, unit), before?.hidden)
    }
    let zCandidate = (0..<layer.units).map { unit in
      weights.sum(column(.candidate, unit), x).addingProduct(r[unit], q[unit])
    }
    let candidate = cell(zCandidate)  // h̃
    let h = (0..<layer.units).map { unit in
      ((1 - u[unit]) * candidate[unit]).addingProduct(u[unit], before?.hidden[unit] ?? 0)
    }
    return Step(sums: [zUpdate, zReset, zCandidate, q], quantities: [u, r, candidate, h])
  }

  /// h = tanh(W·x + b + U·h₋₁)
  private func simpleRNN(_ x: [Float], after before: Step?) -> Step {
    let z = sum(0, x, before)
    return Step(sums: [z], quantities: [cell(z)])
  }
}

extension RecurrentCell {
  /// The names of what a cell computes in a step: its gates, then its states.
  var quantityNames: [String] {
    let gates = gates.map(\.rawValue)
    return switch self {
    case .lstm: gates + ["cell_state", "hidden_state"]
    case .gru, .simpleRNN: gates + ["hidden_state"]
    }
  }
}

/// A recurrent layer computed in the open: one sequence, one step after the other, with everything
/// that a cell computes on its way kept.
///
/// Every number is the one that the layer's kernel computes, to the bit.
struct CellInspection {
  let layer: RecurrentSpecification
  let weights: InspectedWeights
  let kernels: Kernels

  /// One step of a cell: its sums and its quantities, the gates first, then the states.
  struct Step: Sendable {
    var sums: [[Float]]
    var quantities: [[Float]]
    /// h, the step's output.
    var hidden: [Float] { quantities[quantities.count - 1] }
  }

  /// What a step's sums lead to.
  private var sums: [Quantity] {
    switch layer.cell {
    case .lstm: layer.cell.gates
    case .gru: layer.cell.gates + [.recurrentCandidate]
    case .simpleRNN: [.hiddenState]
    }
  }

  /// Computes all steps of a sequence: (T, I).
  func trace(_ x: [[Float]]) -> (sums: [TraceQuantity], quantities: [TraceQuantity]) {
    var sums = sums.map { TraceQuantity($0) }
    var quantities = (layer.cell.gates + layer.cell.states).map { TraceQuantity($0) }
    var before: Step?
    for products in weights.sums(x, from: inputStart) {
      let step = self.step(products: products, after: before)
      for index in sums.indices { sums[index].values.append(step.sums[index]) }
      for index in quantities.indices { quantities[index].values.append(step.quantities[index]) }
      before = step
    }
    return (sums, quantities)
  }

  /// Computes the step of an input (I) behind another one; nil for the first.
  func step(_ x: [Float], after before: Step?) -> Step {
    step(products: weights.sums([x], from: inputStart)[0], after: before)
  }

  /// What the sums with the inputs start from: b, and where h₋₁ adds to the same sum, b + d.
  private var inputStart: [Float] {
    guard case .gru = layer.cell else { return weights.inputBias }
    return weights.inputBias.indices.map { column in
      isCandidate(column)
        ? weights.inputBias[column] : weights.inputBias[column] + weights.recurrentBias[column]
    }
  }

  private func isCandidate(_ column: Int) -> Bool {
    layer.cell.gates[column / layer.units] == .candidate
  }

  /// - Parameter products: The sums with the step's inputs, of all gates.
  private func step(products: [Float], after before: Step?) -> Step {
    switch layer.cell {
    case .lstm: lstm(products, after: before)
    case .gru: gru(products, after: before)
    case .simpleRNN: simpleRNN(products, after: before)
    }
  }

  /// One gate's part of the numbers of all gates.
  private func part(_ gate: Int, of values: [Float]) -> [Float] {
    Array(values[gate * layer.units..<(gate + 1) * layer.units])
  }

  private func gate(_ z: [Float]) -> [Float] { kernels.map(layer.recurrentActivation, z) }
  private func cell(_ z: [Float]) -> [Float] { kernels.map(layer.activation, z) }

  /// z = b + W·x + U·h₋₁
  /// f, i, o = σ(z)   C̃ = tanh(z)   C = f ⊙ C₋₁ + i ⊙ C̃   h = o ⊙ tanh(C)
  private func lstm(_ products: [Float], after before: Step?) -> Step {
    let order = layer.cell.gates
    let z = weights.addingRecurrent(before?.hidden, to: products)
    let sums = order.indices.map { part($0, of: z) }
    let gates = zip(order, sums).map { $0 == .cell ? cell($1) : gate($1) }
    func value(_ name: Quantity) -> [Float] { order.firstIndex(of: name).map { gates[$0] } ?? [] }
    let (f, i, g, o) = (value(.forget), value(.input), value(.cell), value(.output))
    let cBefore = before.map { $0.quantities[order.count] } ?? zeros
    let c = kernels.fusedMultiplyAdd(f, cBefore, zip(i, g).map { $0 * $1 })
    let h = zip(o, cell(c)).map { $0 * $1 }
    return Step(sums: sums, quantities: gates + [c, h])
  }

  private var zeros: [Float] { [Float](repeating: 0, count: layer.units) }

  /// u, r = σ(z)   h̃ = tanh(W·x + b + r ⊙ (U·h₋₁ + d))   h = u ⊙ h₋₁ + (1 − u) ⊙ h̃
  private func gru(_ products: [Float], after before: Step?) -> Step {
    // U·h₋₁ is added to the sums of the gates; that of the candidate stands alone.
    let start = products.indices.map {
      isCandidate($0) ? weights.recurrentBias[$0] : products[$0]
    }
    let z = weights.addingRecurrent(before?.hidden, to: start)
    func part(_ name: Quantity, of values: [Float]) -> [Float] {
      self.part(layer.cell.gates.firstIndex(of: name) ?? 0, of: values)
    }
    let (zUpdate, zReset) = (part(.update, of: z), part(.reset, of: z))
    let (u, r) = (gate(zUpdate), gate(zReset))
    let q = part(.candidate, of: z)
    let zCandidate = kernels.fusedMultiplyAdd(r, q, part(.candidate, of: products))
    let candidate = cell(zCandidate)  // h̃
    let h = kernels.fusedMultiplyAdd(
      u, before?.hidden ?? zeros, zip(u, candidate).map { (1 - $0) * $1 })
    return Step(sums: [zUpdate, zReset, zCandidate, q], quantities: [u, r, candidate, h])
  }

  /// h = tanh(W·x + b + U·h₋₁)
  private func simpleRNN(_ products: [Float], after before: Step?) -> Step {
    let z = weights.addingRecurrent(before?.hidden, to: products)
    return Step(sums: [z], quantities: [cell(z)])
  }
}

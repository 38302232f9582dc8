import LSTMEngine

/// One time step of a recurrent layer as formulas with their numbers.
struct CellExplanation {
  let layer: RecurrentSpecification
  let trace: LayerTrace
  let step: Int
  /// The unit whose sums are written out.
  let unit: Int
  /// The weights of the layer by source and gate.
  let matrix: GateMatrix
  /// Whether the layer reads the sequence from its end; then `step` counts from there.
  var isBackward = false

  var notation: CellNotation { CellNotation(layer) }
  func at(_ letter: String, _ step: Int) -> String {
    letter + Notation.subscript_(time(step))
  }
  func latexAt(_ letter: String, _ step: Int) -> String { "\(letter)_{\(time(step))}" }

  /// The sequence's step; a backward layer begins with the last.
  private func time(_ step: Int) -> Int { isBackward ? trace.input.count - 1 - step : step }

  func values(_ kind: Quantity, _ step: Int) -> [Float] {
    guard step >= 0, let quantity = trace.quantity(kind) else {
      return [Float](repeating: 0, count: layer.units)
    }
    return quantity.values[step]
  }

  var hBefore: [Float] { values(.hiddenState, step - 1) }

  /// Adds the step to an explanation.
  func explain(in text: inout ExplanationText) {
    explainInput(in: &text)
    switch layer.cell {
    case .lstm:
      let gates = notation.gates
      for gate in gates.prefix(3) { explain(gate, in: &text) }
      explainCellState(in: &text)
      explain(gates[3], in: &text)
      explainLSTMOutput(in: &text)
    case .gru:
      for gate in notation.gates.prefix(2) { explain(gate, in: &text) }
      explainCandidate(notation.gates[2], in: &text)
      explainGRUOutput(in: &text)
    case .simpleRNN: explain(notation.gates[0], in: &text)
    }
  }

  private func explainInput(in text: inout ExplanationText) {
    text.heading(4, "The vector [\(at("h", step - 1)), \(at("x", step))]")
    if step == 0 {
      let zero = layer.cell == .lstm ? "h and C are 0" : "h is 0"
      text.paragraph("Before the first step \(zero).")
    }
    var formula = ExplanationText.Formula()
    formula.add(
      "\(at("h", step - 1)) = \(Notation.vector(hBefore))",
      "\(latexAt("h", step - 1)) &= \(Notation.latexVector(hBefore))")
    formula.add(
      "\(at("x", step)) = \(Notation.vector(trace.input[step]))",
      "\(latexAt("x", step)) &= \(Notation.latexVector(trace.input[step]))")
    text.formula(formula)
  }

  /// A gate: its formula, the sum of one unit, and the result of all.
  private func explain(_ gate: CellNotation.GateNotation, in text: inout ExplanationText) {
    text.heading(4, gate.title)
    let (h, x) = (at("h", step - 1), at("x", step))
    let (lh, lx) = (latexAt("h", step - 1), latexAt("x", step))
    let sum = matrix.sum(
      gate: layer.cell.gates.isEmpty ? nil : gate.gate, unit: unit, h: hBefore,
      x: trace.input[step])
    let z = trace.sum(gate.gate)?.values[step] ?? []
    let result = values(gate.gate, step)
    let one = "\(at(gate.plain, step))[\(unit)]", latexOne = "\(latexAt(gate.latex, step))[\(unit)]"
    var formula = ExplanationText.Formula()
    formula.add(
      "\(at(gate.plain, step)) = "
        + gate.activation.plain(notation.sum(gate.index, h: h, x: x)),
      "\(latexAt(gate.latex, step)) &= "
        + gate.activation.latex(notation.latexSum(gate.index, h: lh, x: lx)))
    formula.add("z[\(unit)] = \(sum.plain)", "z[\(unit)] &= " + sum.latexLines()[0])
    for line in sum.latexLines().dropFirst() { formula.latex.append("&\\quad \(line)") }
    formula.add("    = \(Notation.number(z[unit]))", "&= \(Notation.number(z[unit]))")
    formula.add(
      "\(one) = \(gate.activation.plain(Notation.number(z[unit]))) = \(Notation.number(result[unit]))",
      "\(latexOne) &= \(gate.activation.latex(Notation.number(z[unit]))) = \(Notation.number(result[unit]))"
    )
    formula.add(
      "\(at(gate.plain, step)) = \(Notation.vector(result))",
      "\(latexAt(gate.latex, step)) &= \(Notation.latexVector(result))")
    text.formula(formula)
  }

  private func explainCellState(in text: inout ExplanationText) {
    let before = values(.cellState, step - 1), c = values(.cellState, step)
    let f = values(.forget, step)[unit], i = values(.input, step)[unit]
    let g = values(.cell, step)[unit]
    text.heading(4, "Cell state")
    var formula = ExplanationText.Formula()
    formula.add(
      "\(at("C", step)) = \(at("f", step)) ⊙ \(at("C", step - 1)) + \(at("i", step)) ⊙ \(at("C̃", step))",
      "\(latexAt("C", step)) &= \(latexAt("f", step)) \\odot \(latexAt("C", step - 1)) + "
        + "\(latexAt("i", step)) \\odot \(latexAt("\\tilde{C}", step))")
    let (ff, cc, ii, gg) = (
      Notation.factor(f), Notation.factor(before[unit]), Notation.factor(i), Notation.factor(g)
    )
    formula.add(
      "\(at("C", step))[\(unit)] = \(ff)·\(cc) + \(ii)·\(gg) = \(Notation.number(c[unit]))",
      "\(latexAt("C", step))[\(unit)] &= \(ff) \\cdot \(cc) + \(ii) \\cdot \(gg) = "
        + Notation.number(c[unit]))
    formula.add(
      "\(at("C", step)) = \(Notation.vector(c))",
      "\(latexAt("C", step)) &= \(Notation.latexVector(c))")
    text.formula(formula)
  }

  private func explainLSTMOutput(in text: inout ExplanationText) {
    let c = values(.cellState, step)[unit], o = values(.output, step)[unit]
    let h = values(.hiddenState, step)
    text.heading(4, "Hidden state")
    var formula = ExplanationText.Formula()
    formula.add(
      "\(at("h", step)) = \(at("o", step)) ⊙ \(layer.activation.plain(at("C", step)))",
      "\(latexAt("h", step)) &= \(latexAt("o", step)) \\odot "
        + layer.activation.latex(latexAt("C", step)))
    formula.add(
      "\(at("h", step))[\(unit)] = \(Notation.factor(o))·"
        + "\(layer.activation.plain(Notation.number(c))) = \(Notation.number(h[unit]))",
      "\(latexAt("h", step))[\(unit)] &= \(Notation.factor(o)) \\cdot "
        + "\(layer.activation.latex(Notation.number(c))) = \(Notation.number(h[unit]))")
    formula.add(
      "\(at("h", step)) = \(Notation.vector(h))",
      "\(latexAt("h", step)) &= \(Notation.latexVector(h))")
    text.formula(formula)
  }
}

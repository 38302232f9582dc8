import LSTMEngine

extension CellExplanation {
  /// h̃ = tanh(W·x + b + r ⊙ (U·h₋₁ + d)): the reset gate weighs the second product.
  func explainCandidate(_ gate: CellNotation.GateNotation, in text: inout ExplanationText) {
    text.heading(4, gate.title)
    let q = trace.sum(.recurrentCandidate)?.values[step] ?? []
    let z = trace.sum(gate.gate)?.values[step] ?? []
    let r = values(.reset, step)[unit], result = values(gate.gate, step)
    let inner = matrix.recurrentSum(gate: gate.gate, unit: unit, h: hBefore)
    let outer = matrix.inputSum(gate: gate.gate, unit: unit, x: trace.input[step])
    let product = "\(Notation.factor(r))·\(Notation.factor(q[unit]))"
    var formula = ExplanationText.Formula()
    formula.add(
      "\(at("h̃", step)) = "
        + gate.activation.plain(
          notation.candidate(h: at("h", step - 1), x: at("x", step), r: at("r", step))),
      "\(latexAt(gate.latex, step)) &= "
        + gate.activation.latex(
          notation.latexCandidate(
            h: latexAt("h", step - 1), x: latexAt("x", step), r: latexAt("r", step))))
    add("q[\(unit)]", inner, in: &formula, result: q[unit])
    formula.add(
      "z[\(unit)] = \(outer.plain) + \(product)", "z[\(unit)] &= " + outer.latexLines()[0])
    for line in outer.latexLines().dropFirst() { formula.latex.append("&\\quad \(line)") }
    formula.latex[formula.latex.count - 1] += " + " + product.replacing("·", with: " \\cdot ")
    formula.add("    = \(Notation.number(z[unit]))", "&= \(Notation.number(z[unit]))")
    formula.add(
      "\(at("h̃", step))[\(unit)] = \(gate.activation.plain(Notation.number(z[unit]))) = "
        + Notation.number(result[unit]),
      "\(latexAt(gate.latex, step))[\(unit)] &= "
        + "\(gate.activation.latex(Notation.number(z[unit]))) = \(Notation.number(result[unit]))")
    formula.add(
      "\(at("h̃", step)) = \(Notation.vector(result))",
      "\(latexAt(gate.latex, step)) &= \(Notation.latexVector(result))")
    text.formula(formula)
  }

  /// Adds the lines of one sum with its result.
  private func add(
    _ name: String, _ sum: WeightedSum, in formula: inout ExplanationText.Formula, result: Float
  ) {
    let lines = sum.latexLines()
    formula.add("\(name) = \(sum.plain) = \(Notation.number(result))", "\(name) &= " + lines[0])
    for line in lines.dropFirst() { formula.latex.append("&\\quad \(line)") }
    formula.latex[formula.latex.count - 1] += " = \(Notation.number(result))"
  }

  /// h = u ⊙ h₋₁ + (1 − u) ⊙ h̃
  func explainGRUOutput(in text: inout ExplanationText) {
    let u = values(.update, step)[unit], g = values(.candidate, step)[unit]
    let before = hBefore[unit], h = values(.hiddenState, step)
    text.heading(4, "Hidden state")
    let (uu, gg, bb) = (Notation.factor(u), Notation.factor(g), Notation.factor(before))
    var formula = ExplanationText.Formula()
    formula.add(
      "\(at("h", step)) = \(at("u", step)) ⊙ \(at("h", step - 1)) + (1 - \(at("u", step))) ⊙ "
        + at("h̃", step),
      "\(latexAt("h", step)) &= \(latexAt("u", step)) \\odot \(latexAt("h", step - 1)) + "
        + "(1 - \(latexAt("u", step))) \\odot \(latexAt("\\tilde{h}", step))")
    formula.add(
      "\(at("h", step))[\(unit)] = \(uu)·\(bb) + (1 - \(uu))·\(gg) = \(Notation.number(h[unit]))",
      "\(latexAt("h", step))[\(unit)] &= \(uu) \\cdot \(bb) + (1 - \(uu)) \\cdot \(gg) = "
        + Notation.number(h[unit]))
    formula.add(
      "\(at("h", step)) = \(Notation.vector(h))",
      "\(latexAt("h", step)) &= \(Notation.latexVector(h))")
    text.formula(formula)
  }
}

import LSTMEngine

/// How a cell is written down: its gates' letters, and the parts that its weights are counted in.
struct CellNotation {
  let layer: RecurrentSpecification

  init(_ layer: RecurrentSpecification) { self.layer = layer }

  /// A part of the cell with matrices of its own.
  struct Part {
    let name: String
    let matrices: Int
    let plain: String
    let latex: String
  }

  /// A gate with its letter.
  struct GateNotation {
    /// The gate's name in the views.
    let gate: String
    /// What it is called in a sentence.
    let title: String
    /// Its value's letter.
    let plain: String
    let latex: String
    /// Its matrix's index.
    let index: String
    let activation: Activation
  }

  /// The gates in the order in which the calculation is told.
  var gates: [GateNotation] {
    let rec = layer.recurrentActivation, act = layer.activation
    switch layer.cell {
    case .lstm:
      return [
        GateNotation(
          gate: "forget", title: "Forget gate", plain: "f", latex: "f", index: "f", activation: rec),
        GateNotation(
          gate: "input", title: "Input gate", plain: "i", latex: "i", index: "i", activation: rec),
        GateNotation(
          gate: "cell", title: "Candidate", plain: "C̃", latex: "\\tilde{C}", index: "C",
          activation: act),
        GateNotation(
          gate: "output", title: "Output gate", plain: "o", latex: "o", index: "o", activation: rec),
      ]
    }
  }

  /// The parts that the weights are counted in.
  var sizes: [Part] {
    let names = gates
    func equation(_ gate: GateNotation) -> (plain: String, latex: String) {
      (
        "\(gate.plain) = " + gate.activation.plain(sum(gate.index)),
        "\(gate.latex) = " + gate.activation.latex(latexSum(gate.index))
      )
    }
    switch layer.cell {
    case .lstm:
      let (f, i, g, o) = (
        equation(names[0]), equation(names[1]), equation(names[2]), equation(names[3])
      )
      return [
        Part(name: "forget gate", matrices: 1, plain: f.plain, latex: f.latex),
        Part(
          name: "input gate and candidate", matrices: 2, plain: "\(i.plain), \(g.plain)",
          latex: "\(i.latex),\\ \(g.latex)"),
        Part(name: "output gate", matrices: 1, plain: o.plain, latex: o.latex),
      ]
    }
  }

  /// `W_f·[h, x] + b_f`
  func sum(_ index: String, h: String = "h", x: String = "x") -> String {
    "W_\(index)·[\(h), \(x)]" + (layer.useBias ? " + b_\(index)" : "")
  }

  /// The same in LaTeX.
  func latexSum(_ index: String, h: String = "h", x: String = "x") -> String {
    "W_\(index) [\(h), \(x)]" + (layer.useBias ? " + b_\(index)" : "")
  }
}

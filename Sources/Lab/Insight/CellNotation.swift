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
    let gate: Quantity
    /// What it is called in a sentence.
    let title: String
    /// Its value's letter.
    let plain: String
    let latex: String
    let activation: Activation
    /// Its matrix's index.
    var index: String { gate.index }
  }

  /// The gates in the order in which the calculation is told.
  var gates: [GateNotation] {
    let rec = layer.recurrentActivation, act = layer.activation
    switch layer.cell {
    case .lstm:
      return [
        GateNotation(
          gate: .forget, title: "Forget gate", plain: "f", latex: "f", activation: rec),
        GateNotation(
          gate: .input, title: "Input gate", plain: "i", latex: "i", activation: rec),
        GateNotation(
          gate: .cell, title: "Candidate", plain: "C̃", latex: "\\tilde{C}", activation: act),
        GateNotation(
          gate: .output, title: "Output gate", plain: "o", latex: "o", activation: rec),
      ]
    case .gru:
      return [
        GateNotation(
          gate: .update, title: "Update gate", plain: "u", latex: "u", activation: rec),
        GateNotation(
          gate: .reset, title: "Reset gate", plain: "r", latex: "r", activation: rec),
        GateNotation(
          gate: .candidate, title: "Candidate", plain: "h̃", latex: "\\tilde{h}", activation: act),
      ]
    case .simpleRNN:
      return [
        GateNotation(
          gate: .hiddenState, title: "Hidden state", plain: "h", latex: "h", activation: act)
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
    case .gru:
      let (u, r) = (equation(names[0]), equation(names[1]))
      return [
        Part(name: "update gate", matrices: 1, plain: u.plain, latex: u.latex),
        Part(name: "reset gate", matrices: 1, plain: r.plain, latex: r.latex),
        Part(
          name: "candidate", matrices: 1,
          plain: "h̃ = " + layer.activation.plain(candidate(h: "h", x: "x", r: "r")),
          latex: "\\tilde{h} = "
            + layer.activation.latex(latexCandidate(h: "h", x: "x", r: "r"))),
      ]
    case .simpleRNN:
      let h = equation(names[0])
      return [Part(name: "all units", matrices: 1, plain: h.plain, latex: h.latex)]
    }
  }

  /// The biases of a sum: a GRU has one for each of its two products.
  private func biases(_ index: String) -> String {
    guard layer.useBias else { return "" }
    return layer.cell.biasRows == 1 ? " + b_\(index)" : " + b_\(index) + d_\(index)"
  }

  /// `W_f·[h, x] + b_f`
  func sum(_ index: String, h: String = "h", x: String = "x") -> String {
    "W_\(index)·[\(h), \(x)]" + biases(index)
  }

  /// A GRU's candidate: `W_h·x + b_h + r ⊙ (U_h·h + d_h)`.
  func candidate(h: String, x: String, r: String) -> String {
    layer.useBias
      ? "W_h·\(x) + b_h + \(r) ⊙ (U_h·\(h) + d_h)" : "W_h·\(x) + \(r) ⊙ (U_h·\(h))"
  }

  /// The same in LaTeX.
  func latexCandidate(h: String, x: String, r: String) -> String {
    layer.useBias
      ? "W_h \(x) + b_h + \(r) \\odot (U_h \(h) + d_h)" : "W_h \(x) + \(r) \\odot (U_h \(h))"
  }

  /// The same in LaTeX.
  func latexSum(_ index: String, h: String = "h", x: String = "x") -> String {
    "W_\(index) [\(h), \(x)]" + biases(index)
  }
}

extension Quantity {
  /// The index of its matrix and its bias in the equations.
  var index: String {
    switch self {
    case .input: "i"
    case .forget: "f"
    case .cell, .cellState: "C"
    case .output: "o"
    case .update: "u"
    case .reset: "r"
    case .candidate, .recurrentCandidate, .hiddenState: "h"
    }
  }
}

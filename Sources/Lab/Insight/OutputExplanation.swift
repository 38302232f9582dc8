import LSTMEngine

/// The end of the calculation: dense layers, loss, and whether the output is right.
struct OutputExplanation {
  let trace: SequenceTrace
  let weights: StoredWeights
  /// The row of the output that is explained.
  let row: Int
  /// The target of that row: one number an output.
  let target: [Float]
  let loss: Loss
  /// The row's loss, as training computes it.
  let lossValue: Double

  /// The most outputs whose sums are written out.
  private static let shownOutputs = 4

  var output: [Float] { trace.output[row] }

  /// Adds a dense layer.
  func explain(
    _ dense: DenseSpecification, _ layer: LayerTrace, in text: inout ExplanationText
  ) {
    let row = min(row, layer.output.count - 1)
    let h = layer.input[row], z = layer.sums[0].values[row], y = layer.output[row]
    let matrix = GateMatrix(layer: layer.layer, in: weights)
    text.heading(3, "Layer \(layer.layer)")
    let bias = dense.useBias ? " + b" : ""
    var formula = ExplanationText.Formula()
    formula.add(
      "y = \(dense.activation.plain("W·h\(bias)")), h = \(Notation.vector(h))",
      "y &= \(dense.activation.latex("W h\(bias)")), \\quad h = \(Notation.latexVector(h))")
    for unit in 0..<min(dense.units, Self.shownOutputs) {
      let sum = matrix.sum(gate: nil, unit: unit, h: [], x: h)
      let lines = sum.latexLines()
      let result = Notation.number(z[unit])
      formula.add("z[\(unit)] = \(sum.plain) = \(result)", "z[\(unit)] &= " + lines[0])
      for line in lines.dropFirst() { formula.latex.append("&\\quad \(line)") }
      formula.latex[formula.latex.count - 1] += " = \(result)"
    }
    let latexZ = dense.units == 1 ? Notation.number(z[0]) : Notation.latexVector(z)
    let plainZ = dense.units == 1 ? Notation.number(z[0]) : Notation.vector(z)
    formula.add(
      "y = \(dense.activation.plain(plainZ)) = \(Notation.vector(y))",
      "y &= \(dense.activation.latex(latexZ)) = \(Notation.latexVector(y))")
    text.formula(formula)
  }

  /// Adds the loss and the verdict.
  func explainLoss(in text: inout ExplanationText) {
    text.heading(3, "Loss")
    var formula = ExplanationText.Formula()
    formula.add(
      "target = \(Notation.vector(target)), output = \(Notation.vector(output))",
      "\\text{target } t &= \(Notation.latexVector(target)),\\quad "
        + "\\text{output } y = \(Notation.latexVector(output))")
    let result = NumberText.metric(lossValue)
    let (plain, latex) = lossFormula
    formula.add("loss = \(plain)", "L &= \(latex)")
    if let numbers = lossNumbers {
      formula.add("    = \(numbers.plain) = \(result)", "&= \(numbers.latex) = \(result)")
    } else {
      formula.add("    = \(result)", "&= \(result)")
    }
    text.formula(formula)
    text.paragraph(verdict)
  }

  private var lossFormula: (plain: String, latex: String) {
    let n = output.count
    let mean = n == 1 ? "" : "1/\(n)·Σ "
    let latexMean = n == 1 ? "" : "\\frac{1}{\(n)} \\sum "
    switch loss {
    case .binaryCrossentropy:
      return (
        "-\(mean)(t ln y + (1 - t) ln(1 - y))",
        "-\(latexMean)\\big(t \\ln y + (1 - t) \\ln(1 - y)\\big)"
      )
    case .categoricalCrossentropy: return ("-Σ t ln y", "-\\sum t \\ln y")
    case .sparseCategoricalCrossentropy:
      return ("-ln y[c], c the target's class", "-\\ln y_c")
    case .meanSquaredError: return ("\(mean)(t - y)²", "\(latexMean)(t - y)^2")
    case .meanAbsoluteError: return ("\(mean)|t - y|", "\(latexMean)|t - y|")
    case .huber:
      return (
        "\(mean)(e²/2 where |e| ≤ 1, else |e| - 1/2), e = t - y",
        "\(latexMean)\\begin{cases} e^2/2 & |e| \\le 1 \\\\ |e| - 1/2 \\end{cases}"
      )
    }
  }

  /// The formula with its numbers, for targets of zeros and ones or few outputs.
  private var lossNumbers: (plain: String, latex: String)? {
    let n = output.count
    guard n <= 6 else { return nil }
    let factor = n == 1 ? "" : "1/\(n)·"
    let latexFactor = n == 1 ? "" : "\\frac{1}{\(n)} "
    switch loss {
    case .binaryCrossentropy where target.allSatisfy({ $0 == 0 || $0 == 1 }):
      let logs = zip(target, output).map { t, y in
        t == 1 ? Notation.number(y) : "1 - \(Notation.number(y))"
      }
      return (
        "-\(factor)(" + logs.map { "ln(\($0))" }.joined(separator: " + ") + ")",
        "-\(latexFactor)\\big(" + logs.map { "\\ln(\($0))" }.joined(separator: " + ") + "\\big)"
      )
    case .categoricalCrossentropy, .sparseCategoricalCrossentropy:
      guard let hot = target.firstIndex(of: 1), target.filter({ $0 != 0 }).count == 1 else {
        return nil
      }
      let y = Notation.number(output[hot])
      return ("-ln(\(y))", "-\\ln(\(y))")
    case .meanSquaredError:
      let terms = zip(target, output).map { "(\(Notation.number($0)) - \(Notation.factor($1)))" }
      return (
        factor + "(" + terms.map { $0 + "²" }.joined(separator: " + ") + ")",
        latexFactor + "\\big(" + terms.map { $0 + "^2" }.joined(separator: " + ") + "\\big)"
      )
    case .meanAbsoluteError:
      let terms = zip(target, output).map { "|\(Notation.number($0)) - \(Notation.factor($1))|" }
      return (
        factor + "(" + terms.joined(separator: " + ") + ")",
        latexFactor + "\\big(" + terms.joined(separator: " + ") + "\\big)"
      )
    default: return nil
    }
  }

  /// Whether the output is right, as the metric `accuracy` counts it.
  var isRight: Bool {
    if output.count == 1 { return target[0] == (output[0] > 0.5 ? 1 : 0) }
    return greatest(output) == greatest(target)
  }

  private func greatest(_ values: [Float]) -> Int {
    values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
  }

  private var verdict: String {
    guard loss.isCrossentropy else {
      let errors = zip(target, output).map { abs($0 - $1) }
      return "The output misses the target by \(Notation.vector(errors))."
    }
    let word = isRight ? "Right" : "Wrong"
    guard output.count > 1 else {
      let side = output[0] > 0.5 ? "above" : "not above"
      return "\(word): \(Notation.number(output[0])) is \(side) 0.5, the target is "
        + "\(Notation.value(target[0]))."
    }
    return "\(word): the greatest output is number \(greatest(output)), the target's greatest is "
      + "number \(greatest(target))."
  }
}

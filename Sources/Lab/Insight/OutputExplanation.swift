import LSTMEngine
import LabFormats

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
  /// How it is computed.
  let explained: LossExplanation
  /// The signs of the characters that outputs stand for; nil where the run reads no text.
  let characters: [String]?

  /// The most outputs whose sums are written out.
  private static let shownOutputs = 4

  var output: [Float] { trace.output[row] }

  /// Adds a dense layer: its row of the step, or the only one.
  func explain(
    _ dense: DenseSpecification, _ layer: LayerTrace, step: Int, in text: inout ExplanationText
  ) {
    let row = min(step, layer.output.count - 1)
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
    explained.add(to: &formula, result: NumberText.metric(lossValue))
    text.formula(formula)
    text.paragraph(verdict)
  }

  /// Whether the output is right, as the metric `accuracy` counts it.
  var isRight: Bool {
    if output.count == 1 { return target[0] == (output[0] > 0.5 ? 1 : 0) }
    return greatest(output) == greatest(target)
  }

  private func greatest(_ values: [Float]) -> Int {
    firstGreatest(of: values.count) { values[$0] }
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
    return
      "\(word): the greatest output is number \(named(greatest(output))), the target's greatest is "
      + "number \(named(greatest(target)))."
  }

  /// An output's number, with the character that it stands for.
  private func named(_ number: Int) -> String {
    "\(number)" + (characters.map { ", `\($0[number])`" } ?? "")
  }
}

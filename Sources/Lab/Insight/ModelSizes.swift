import LSTMEngine

/// How many weights a model has, and why: one calculation a layer.
struct ModelSizes {
  let layers: [LayerSpecification]
  let features: Int
  let steps: Int

  /// Adds the first part of an explanation.
  func explain(in text: inout ExplanationText) {
    text.heading(2, "1. Sizes")
    var totals: [(name: String, count: Int)] = []
    for shape in layers.shapes(features: features) {
      guard let count = explain(shape, in: &text) else { continue }
      totals.append((shape.layer.name, count))
    }
    if totals.count > 1 {
      let sum = totals.map { "\($0.count)" }.joined(separator: " + ")
      let total = totals.reduce(0) { $0 + $1.count }
      var formula = ExplanationText.Formula()
      formula.add("all weights: \(sum) = \(total)", "\\text{all weights: } & \(sum) = \(total)")
      text.formula(formula)
    }
    explainSteps(in: &text)
  }

  /// Returns the number of a layer's weights; nil of one without, which has as many outputs as inputs.
  private func explain(_ shape: LayerShape, in text: inout ExplanationText) -> Int? {
    let (name, inputs) = (shape.layer.name, shape.inputs)
    switch shape.layer.kind {
    case .recurrent(let recurrent): return explain(recurrent, name, inputs: inputs, in: &text)
    case .bidirectional(let recurrent):
      let one = explain(recurrent, "\(name), forward", inputs: inputs, in: &text)
      text.paragraph("The backward layer has the same sizes: 2·\(one) = \(2 * one) for both.")
      return 2 * one
    case .embedding(let embedding):
      let (rows, columns) = (embedding.inputDimension, embedding.outputDimension)
      text.heading(3, "Layer \(name)")
      text.paragraph(
        "A row of \(columns) weights for each of \(rows) numbers: \(rows)·\(columns) = "
          + "\(rows * columns).")
      return rows * columns
    case .dense(let dense): return explain(dense, name, inputs: inputs, in: &text)
    case .dropout: return nil
    }
  }

  /// Says why the number of time steps is not among the factors.
  private func explainSteps(in text: inout ExplanationText) {
    guard layers.contains(where: { $0.recurrent != nil }) else { return }
    text.paragraph(
      "The number of time steps is in none of these: every step multiplies by the same matrices. "
        + "A sequence of \(steps) \(steps == 1 ? "step uses" : "steps uses") each weight of a "
        + "recurrent layer \(steps) \(steps == 1 ? "time" : "times"), one of \(10 * steps) steps would "
        + "use it \(10 * steps) times. More steps mean more work, not more weights.")
  }

  private func explain(
    _ layer: RecurrentSpecification, _ name: String, inputs: Int, in text: inout ExplanationText
  ) -> Int {
    let units = layer.units, width = units + inputs
    text.heading(3, "Layer \(name)")
    text.paragraph(
      "\(inputs) \(inputs == 1 ? "input" : "inputs") and \(units) \(units == 1 ? "unit" : "units"): "
        + "[h, x] has \(units) + \(inputs) = \(width) numbers, h those of the step before.")
    let cell = CellNotation(layer)
    var formula = ExplanationText.Formula()
    var counts: [Int] = []
    let biases = layer.useBias ? layer.cell.biasRows : 0
    let bias = biases == 0 ? "" : biases == 1 ? " + \(units)" : " + \(biases)×\(units)"
    let product = "\(units)×\(width)\(bias)"
    for part in cell.sizes {
      let count = part.matrices * (units * width + biases * units)
      let times = part.matrices == 1 ? product : "\(part.matrices)×(\(product))"
      formula.add(
        "\(part.name): \(part.plain)",
        "\\text{\(part.name): } & \(part.latex) && "
          + times.replacing("×", with: " \\times ") + " = \(count)")
      formula.plain.append("    \(times) = \(count)")
      counts.append(count)
    }
    let total = counts.reduce(0, +)
    if counts.count > 1 {
      let sums = counts.map(String.init).joined(separator: " + ")
      let short = "\(layer.cell.sums)×(\(product))"
      formula.add(
        "together: \(sums) = \(short) = \(total)",
        "\\text{together: } & \(sums) = " + short.replacing("×", with: " \\times ") + " = \(total)")
    }
    text.formula(formula)
    return total
  }

  private func explain(
    _ layer: DenseSpecification, _ name: String, inputs: Int, in text: inout ExplanationText
  ) -> Int {
    let units = layer.units
    let total = units * inputs + (layer.useBias ? units : 0)
    let product = "\(inputs)×\(units)" + (layer.useBias ? " + \(units)" : "")
    text.heading(3, "Layer \(name)")
    let bias = layer.useBias ? " + b" : ""
    let plain = layer.activation.plain("W·h\(bias)")
    let latex = layer.activation.latex("W h\(bias)")
    var formula = ExplanationText.Formula()
    formula.add(
      "y = \(plain)   \(product) = \(total)",
      "y &= \(latex) && " + product.replacing("×", with: " \\times ") + " = \(total)")
    text.formula(formula)
    return total
  }
}

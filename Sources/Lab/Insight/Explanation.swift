import LSTMEngine
import LabFormats
import LabStore

/// The calculation of a stored epoch by hand: the sizes, then one time step of one sample.
package struct Explanation: Sendable {
  private let run: InspectedRun
  private let sample: Int
  private let step: Int
  private let unit: Int?
  private let trace: SequenceTrace
  private let output: OutputExplanation

  /// Computes a sample; by default its last step, and the first unit's sums.
  init(_ run: InspectedRun, sample: Int, step: Int?, unit: Int?) throws(LabError) {
    self.run = run
    let place = run.weights.place
    self.sample = try run.checked(sample: sample)
    let x = run.samples.sequence(sample)
    self.step =
      try step.map { number throws(LabError) in
        try Nearest.number(
          number, in: 0..<x.count, what: "time step", where: "\(place), sample \(sample)")
      } ?? x.count - 1
    let layers = run.description.layers
    let units =
      layers.map { layer in
        layer.recurrent?.units ?? 0
      }.max() ?? 0
    self.unit = try unit.map { number throws(LabError) in
      try Nearest.number(number, in: 0..<max(units, 1), what: "unit", where: place)
    }
    trace = run.network.trace(x)
    let row = trace.output.count == 1 ? 0 : self.step
    let loss = run.description.loss, target = run.target(of: sample, row: row)
    output = OutputExplanation(
      trace: trace, weights: run.weights, row: row, target: target, loss: loss,
      lossValue: Double(run.network.loss(loss, of: trace, row: row, target: target)),
      explained: LossExplanation(
        loss, of: trace, row: row, target: target, last: layers[layers.count - 1], run.network),
      characters: run.characters)
  }

  /// The explanation for people.
  package var text: ExplanationText {
    var text = ExplanationText()
    text.heading(1, "\(run.weights.heading): \(run.origin.name) sample \(sample), step \(step)")
    ModelSizes(
      layers: run.description.layers, features: run.description.features,
      steps: trace.layers[0].input.count
    ).explain(in: &text)
    text.heading(2, "2. The calculation")
    for (index, layer) in run.description.layers.enumerated() {
      explain(layer, trace.layers[index], after: index, in: &text)
    }
    if run.origin.hasTargets { output.explainLoss(in: &text) }
    return text
  }

  private func explain(
    _ layer: LayerSpecification, _ trace: LayerTrace, after index: Int,
    in text: inout ExplanationText
  ) {
    switch layer.kind {
    case .recurrent(let recurrent):
      text.heading(3, "Layer \(layer.name)")
      let last = trace.input.count - 1
      text.paragraph(
        "Step \(step) of \(trace.input.count) (0 to \(last)); the sums are written out for unit "
          + "\(min(unit ?? 0, recurrent.units - 1)), results for all units.")
      CellExplanation(
        layer: recurrent, trace: trace, step: step, unit: min(unit ?? 0, recurrent.units - 1),
        matrix: GateMatrix(layer: layer.name, in: run.weights)
      ).explain(in: &text)
      if !recurrent.returnSequences, step < last {
        text.paragraph(
          "The next layer reads the last step alone: h\(Notation.subscript_(last)) = "
            + Notation.vector(trace.output[0]) + ".")
      }
    case .bidirectional(let recurrent): explain(layer.name, both: recurrent, trace, in: &text)
    case .embedding:
      text.heading(3, "Layer \(layer.name)")
      let row = min(step, trace.output.count - 1)
      let number = Int(trace.input[row][0])
      let read =
        run.characters.map { "Step \(row) reads `\($0[number])`, number \(number): " } ?? ""
      text.paragraph("\(read)y\(Notation.subscript_(row)) = \(Notation.vector(trace.output[row])).")
    case .dense(let dense): output.explain(dense, trace, step: step, in: &text)
    case .dropout: break  // nothing is dropped but in training
    }
  }

  /// Explains a two-way layer: each direction at the same step of the sequence.
  private func explain(
    _ name: String, both recurrent: RecurrentSpecification, _ trace: LayerTrace,
    in text: inout ExplanationText
  ) {
    let last = trace.input.count - 1, unit = min(unit ?? 0, recurrent.units - 1)
    for direction in Direction.allCases {
      let isBackward = direction == .backward
      text.heading(3, "Layer \(name), \(direction.rawValue)")
      text.paragraph(
        "Step \(step) of \(last + 1) (0 to \(last)); the sums are written out for unit \(unit)."
          + (isBackward ? " Backward, the step before is the one that follows." : ""))
      CellExplanation(
        layer: recurrent, trace: trace.direction(direction),
        step: isBackward ? last - step : step, unit: unit,
        matrix: GateMatrix(layer: name, direction: direction, in: run.weights),
        isBackward: isBackward
      ).explain(in: &text)
    }
    let row = min(step, trace.output.count - 1)
    text.paragraph(
      "The next layer reads both, forward first: \(Notation.vector(trace.output[row])).")
  }

  /// Everything as JSON; numbers are exact.
  package func json() -> String {
    let isKnown = run.origin.hasTargets
    let (split, file): (JSONText?, JSONText?) =
      switch run.origin {
      case .split(let split): (.string(split.rawValue), nil)
      case .file(let path, _): (nil, .string(path))
      }
    let json = JSONText.object([
      "run_id": .integer(Int(run.weights.run.runID)), "epoch": .integer(run.weights.epoch),
      "split": split, "file": file, "sample": .integer(sample), "step": .integer(step),
      "character": character,
      "layers": .array(zip(run.description.layers, trace.layers).map(json)),
      "output": Self.vector(output.output),
      "target": isKnown ? Self.vector(output.target) : .null,
      "loss": isKnown && output.lossValue.isFinite ? .real(output.lossValue) : .null,
      "right": isKnown && run.description.loss.isCrossentropy ? .bool(output.isRight) : .null,
    ])
    return json.compact + "\n"
  }

  /// What the step reads, where the run reads a text.
  private var character: JSONText? {
    guard run.characters != nil else { return nil }
    return .string(run.classes[Int(trace.layers[0].input[step][0])])
  }

  private func json(_ layer: LayerSpecification, _ trace: LayerTrace) -> JSONText {
    let tensors = run.weights.tensors.filter { $0.layer == layer.name }
    let row = min(step, trace.input.count - 1)  // the only one behind the last step
    var members: [(String, JSONText)] = [
      ("layer", .string(layer.name)), ("weights", .integer(tensors.reduce(0) { $0 + $1.count })),
      ("x", Self.vector(trace.input[row])),
    ]
    for quantity in trace.quantities where quantity.kind.isState {
      members.append(("\(quantity.name)_before", Self.vector(before(quantity))))
    }
    members += trace.sums.map { ("\($0.name)_sum", Self.vector($0.values[row])) }
    members += trace.quantities.map { ($0.name, Self.vector($0.values[row])) }
    if trace.quantities.isEmpty { members.append(("output", Self.vector(trace.output[row]))) }
    return .object(members.map(JSONTextMember.init))
  }

  private static func vector(_ values: [Float]) -> JSONText {
    .array(values.map { $0.isFinite ? .float($0) : .null })
  }

  /// A state as the cell read it in the explained step: that of the step computed before, or zeros.
  private func before(_ state: TraceQuantity) -> [Float] {
    let before = state.direction == .backward ? step + 1 : step - 1
    return state.values.indices.contains(before)
      ? state.values[before] : state.values[step].map { _ in 0 }
  }
}

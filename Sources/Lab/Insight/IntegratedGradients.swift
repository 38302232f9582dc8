import LSTMEngine
package import LabFormats
import LabStore

/// Which inputs at which steps carried a prediction: integrated gradients of Sundararajan, Taly and Yan,
/// "Axiomatic Attribution for Deep Networks" (2017).
///
/// Along the straight line from a baseline to the sample, each input's gradient of the output is averaged
/// over the midpoints of equal pieces, and multiplied by how far the input is from its baseline. The
/// attributions add up to the difference of the outputs, but for what the pieces leave over. Where the first
/// layer is an embedding, the line is one of embedded vectors, and a step has the sum over its vector.
package struct IntegratedGradients: Answer {
  /// What a sample is compared with.
  package enum Baseline: String, CaseIterable, Sendable {
    /// All inputs zero.
    case zero
    /// Each input's mean over all steps of the samples.
    case mean
  }

  private let heading: String
  private let outputName: String
  private let output: Int
  /// The step whose output is looked at; nil where there is one for all.
  private let outputStep: Int?
  /// Whether outputs are in the scaled units of training.
  private let isScaled: Bool
  private let baseline: Baseline
  private let pieces: Int
  /// What is read at each step: (T, F), or the number that an embedding looks up.
  private let read: [[Float]]
  private let characters: [String]?
  /// (T, F), or of an embedding (T, 1).
  let attributions: [[Double]]
  /// The output for the sample and for the baseline.
  private let values: (sample: Double, baseline: Double)
  let sample: Int
  private let run: Int64
  private let epoch: Int

  /// `output 4 (5): 0.5078`.
  var words: String { "\(outputName): \(NumberText.number(values.sample))" }

  private var sum: Double { attributions.joined().reduce(0, +) }
  private var difference: Double { values.sample - values.baseline }

  /// - Parameters:
  ///   - output: The number of the output; nil for the greatest.
  ///   - step: The step whose output is looked at, where each has one; nil for the last.
  ///   - pieces: The number of pieces of the line.
  init(
    _ run: InspectedRun, sample: Int, output: Int?, step: Int?, baseline: Baseline, pieces: Int,
    resources: TrainingSession.Resources
  ) throws(LabError) {
    self.sample = try run.checked(sample: sample)
    self.run = run.weights.run.runID
    epoch = run.weights.epoch
    self.baseline = baseline
    self.pieces = pieces
    read = run.samples.sequence(sample)
    characters = run.characters.map { signs in
      run.samples.sequence(sample).map { signs[Int($0[0])] }
    }
    let path = AttributedPath(run, resources: resources)
    let inputs = path.inputs(of: sample)
    let start = baseline == .zero ? inputs.map { $0.map { _ in 0 } } : path.mean(for: inputs)
    let isPerStep = run.description.outputHasSteps
    if step != nil, !isPerStep {
      throw LabError(
        .usage, "the model has one output for a whole sample", where: "--step",
        next: "leave it out: the attributions of every step are shown")
    }
    isScaled = !run.description.outputScales.isEmpty
    let step = try step.map { step throws(LabError) in
      try Nearest.number(
        step, in: 0..<inputs.count, what: "time step", where: run.weights.place)
    }
    let row = isPerStep ? step ?? inputs.count - 1 : nil
    let (atSample, atStart) = path.outputs(inputs, start, step: row)
    let chosen = try output.map { output throws(LabError) in
      try Nearest.number(
        output, in: 0..<atSample.count, what: "output", where: run.weights.place)
    }
    let number = chosen ?? firstGreatest(of: atSample.count) { atSample[$0] }
    values = (Double(atSample[number]), Double(atStart[number]))
    attributions = path.attributions(
      from: start, to: inputs, output: number, step: row, pieces: pieces)
    (self.output, outputStep) = (number, row)
    outputName = Self.name(of: number, run) + (row.map { " at step \($0)" } ?? "")
    heading =
      "\(run.weights.heading): \(run.origin.name) sample \(sample), what carried \(outputName)?"
  }

  private static func name(of output: Int, _ run: InspectedRun) -> String {
    let names = run.classes
    if let characters = run.characters, characters.indices.contains(output) {
      return "output \(output) (`\(characters[output])`)"
    }
    let isNamed = names.count == run.description.outputs && names.count > 1
    return isNamed ? "output \(output) (\(Visible.line(names[output])))" : "output \(output)"
  }
}

/// A model on the line between two inputs.
private struct AttributedPath {
  private let run: InspectedRun
  private let network: Network
  /// The vectors of the embedding that the model begins with; nil where it has none.
  private let table: (values: [Float], width: Int)?
  private let features: Int

  init(_ run: InspectedRun, resources: TrainingSession.Resources) {
    self.run = run
    var description = run.description
    var weights = run.weights.values(for: description)
    if case .embedding(let embedding) = description.layers.first?.kind {
      table = (weights[0], embedding.outputDimension)
      weights.removeFirst()
      description.layers.removeFirst()
      description.features = embedding.outputDimension
    } else {
      table = nil
    }
    features = description.features
    description.loss = .meanSquaredError
    description.metrics = []
    description.classWeights = []
    description.steps = max(1, run.samples.steps)
    description.batchSize = 32
    description.givesInputGradient = true
    network = resources.network(description)
    network.restore(weights: weights, slots: nil, iterations: 0)
  }

  /// What the layers behind an embedding read at each step: (T, F).
  func inputs(of sample: Int) -> [[Float]] {
    let read = run.samples.sequence(sample)
    guard let (values, width) = table else { return read }
    return read.map { row in
      let first = Int(row[0]) * width
      return Array(values[first..<first + width])
    }
  }

  /// The mean of each feature over all steps of the samples, at each step.
  func mean(for inputs: [[Float]]) -> [[Float]] {
    var sums = [Double](repeating: 0, count: features)
    var count = 0.0
    for sample in 0..<run.samples.count {
      for row in self.inputs(of: sample) {
        count += 1
        for (feature, value) in row.enumerated() { sums[feature] += Double(value) }
      }
    }
    let mean = sums.map { Float($0 / count) }
    return inputs.map { _ in mean }
  }

  /// Sequences of one length, whose targets are any.
  private func set(_ sequences: [[[Float]]]) -> SampleSet {
    let (outputs, steps) = (run.description.outputs, sequences[0].count)
    let rows = sequences.count * (run.description.outputHasSteps ? steps : 1)
    return SampleSet(
      count: sequences.count, steps: steps, features: features,
      x: sequences.flatMap { $0.flatMap(\.self) },
      targets: .values([Float](repeating: 0, count: rows * outputs), outputs: outputs))
  }

  /// The outputs for two inputs, at a step where each has some.
  func outputs(
    _ a: [[Float]], _ b: [[Float]], step: Int?
  ) -> (a: [Float], b: [Float]) {
    var all: [Float]? = []
    _ = network.evaluate(set([a, b]), predictions: &all)
    let width = run.description.outputs
    func row(_ number: Int) -> [Float] {
      let place = step.map { number * a.count + $0 } ?? number
      return Array((all ?? [])[place * width..<(place + 1) * width])
    }
    return (row(0), row(1))
  }

  /// How much each input carried: (T, F), or where an embedding is read (T, 1).
  func attributions(
    from start: [[Float]], to end: [[Float]], output: Int, step: Int?, pieces: Int
  ) -> [[Double]] {
    var sum = [Double](repeating: 0, count: end.count * features)
    for first in stride(from: 0, to: pieces, by: 256) {
      let points = (first..<min(first + 256, pieces)).map { piece in
        let share = (Double(piece) + 0.5) / Double(pieces)
        return zip(start, end).map { a, b in
          zip(a, b).map { Float(Double($0) + share * (Double($1) - Double($0))) }
        }
      }
      let own = network.inputGradientSum(of: set(points), output: output, step: step)
      for index in sum.indices { sum[index] += own[index] }
    }
    return end.indices.map { t in
      let row = (0..<features).map { feature in
        (Double(end[t][feature]) - Double(start[t][feature])) * sum[t * features + feature]
          / Double(pieces)
      }
      return table == nil ? row : [row.reduce(0, +)]
    }
  }
}

// MARK: Forms

extension IntegratedGradients {
  /// A row a step and feature.
  package var table: Table {
    let isText = characters != nil
    var columns: [Table.Column] = [.init("step", .integer)]
    if isText { columns.append(.init("character", .text)) }
    columns += [.init("feature", .text), .init("value", .number), .init("attribution", .number)]
    return Table(
      columns: columns,
      rows: read.indices.flatMap { step in
        read[step].indices.map { feature in
          var row: [Table.Cell] = [.integer(step)]
          if let characters { row.append(.text(characters[step])) }
          return row + [
            .text("x\(feature)"), .real(Double(read[step][feature])),
            .real(attributions[step][feature]),
          ]
        }
      })
  }

  /// A row a step: what all of its inputs carried.
  private var stepTable: Table {
    Table(
      columns: [.init("step", .integer), .init("attribution", .number)],
      rows: attributions.enumerated().map { [.integer($0), .real($1.reduce(0, +))] })
  }

  /// A number with four decimals, or an exponent where they would not show it.
  private static func text(_ value: Double) -> String {
    value == 0 ? NumberText.number(0) : NumberText.metric(value)
  }

  private var facts: [Fact] {
    [
      Fact(
        "output", Self.text(values.sample) + (isScaled ? ", in the scaled units of training" : "")),
      Fact("baseline", "\(baseline.rawValue), where it is \(Self.text(values.baseline))"),
      Fact("difference", Self.text(difference)),
      Fact(
        "sum",
        "\(Self.text(sum)) in \(pieces) piece\(pieces == 1 ? "" : "s"); \(NumberText.scientific(difference - sum)) is left over"
      ),
    ]
  }

  /// Everything, and what the attributions add up to.
  package var jsonText: JSONText {
    .lines(
      [
        "run_id": .integer(Int(run)), "epoch": .integer(epoch), "sample": .integer(sample),
        "output": .integer(output), "output_name": .string(outputName),
        "output_step": outputStep.map(JSONText.integer) ?? .null, "scaled": .bool(isScaled),
        "baseline": .string(baseline.rawValue),
        "pieces": .integer(pieces), "value": .real(values.sample),
        "baseline_value": .real(values.baseline), "difference": .real(difference),
        "sum": .real(sum),
      ],
      ["attributions": .table(table)])
  }

  /// The most features that a picture has.
  private static let mostFeatures = 20

  /// Those whose attributions are greatest, in their order.
  private var featuresThatCarriedMost: [Int] {
    let weights = (0..<attributions[0].count).map { feature in
      attributions.reduce(0.0) { $0 + abs($1[feature]) }
    }
    return weights.indices.sorted { (-weights[$0], $0) < (-weights[$1], $1) }
      .prefix(Self.mostFeatures).sorted()
  }

  /// Returns the sum, the picture of steps and features, and what each step carried.
  package func text(on screen: Screen) -> String {
    let scale = attributions.joined().map { abs($0) }.max() ?? 0
    let features = featuresThatCarriedMost
    let rows = features.enumerated().map { index, feature in
      HeatMap.Row(
        name: index == 0 ? "attribution" : "", number: "x\(feature)",
        scale: Float(max(scale, 1e-30)), values: attributions.map { Float($0[feature]) })
    }
    let labels = characters.map { characters in
      zip(characters, read).map { HeatMap.Label(sign: $0, number: Int($1[0])) }
    }
    let picture = HeatMap(
      title: "step", columns: Array(attributions.indices), labels: labels, rows: rows,
      width: screen.width, colour: screen.hasColour)
    let most = attributions.indices.map { ($0, attributions[$0].reduce(0, +)) }
      .sorted { (-abs($0.1), $0.0) < (-abs($1.1), $1.0) }.prefix(5).filter { $0.1 != 0 }
    let words = most.map { "step \($0.0) by \(Self.text($0.1))" }.joined(separator: ", ")
    let left = attributions[0].count - features.count
    let rest =
      "Shown are the \(features.count) features that carried most; --csv has every value."
    return WrappedText.lines(heading, width: screen.columns) + "\n"
      + facts.text(width: screen.columns) + "\n" + picture.text
      + (left == 0 ? "" : WrappedText.lines(rest, width: screen.columns))
      + WrappedText.lines(
        HeatMap.legend(colour: screen.hasColour)
          + "; the full shade is \(Self.text(scale))",
        width: screen.hasColour ? nil : screen.columns)
      + (words.isEmpty
        ? "" : "\n" + WrappedText.lines("Carried most: \(words).", width: screen.columns))
  }

  /// Returns the facts and what each step carried.
  package func markdown() -> String {
    "\(Table.paragraph(heading))\n\n"
      + facts.map { "* \($0.name): \(Table.paragraph($0.value))\n" }.joined() + "\n"
      + stepTable.markdown()
  }
}

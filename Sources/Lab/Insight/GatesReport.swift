import LSTMEngine
package import LabFormats
import LabStore

/// All gates and states of one sample, step by step.
package struct GatesReport: Answer, Sendable {
  private let heading: String
  private let sample: Int
  private let layers: [LayerTrace]
  /// What is read at each step, where the run reads a text.
  private let read: [HeatMap.Label]?
  /// The same as it stands in the text.
  private let characters: [String]?
  /// The steps that are asked for; nil for all.
  private let chosenSteps: IndexRanges?
  /// The units that are asked for; nil for all.
  private let chosenUnits: IndexRanges?

  /// Computes one sample with an epoch's weights.
  ///
  /// - Parameters:
  ///   - units: The units that are shown; nil for all.
  ///   - steps: The time steps that are shown; nil for all.
  init(
    _ run: InspectedRun, sample: Int, layer: String?, units: IndexRanges?, steps: IndexRanges?
  ) throws(LabError) {
    self.sample = try run.checked(sample: sample)
    let names = try run.recurrentLayers(layer)
    let trace = run.network.trace(run.samples.sequence(sample))
    layers = trace.layers.filter { names.contains($0.layer) }
    read = run.characters.map { signs in
      trace.layers[0].input.map { HeatMap.Label(sign: signs[Int($0[0])], number: Int($0[0])) }
    }
    let place = run.weights.place
    characters = read.map { read in read.map { run.classes[$0.number] } }
    _ = try units?.indices(
      below: layers.map(\.units).max() ?? 1, what: "unit", where: place)
    _ = try steps?.indices(
      below: layers.map(\.input.count).max() ?? 1, what: "time step", where: place)
    chosenUnits = units
    chosenSteps = steps
    heading = "Gates of \(run.weights.heading): \(run.origin.name) sample \(sample)"
  }

  /// Shows what another program recorded of a sample with an epoch.
  init(
    _ trace: RecordedTrace, of opened: OpenedRun, units: IndexRanges?, steps: IndexRanges?
  ) throws(LabError) {
    sample = trace.sample
    layers = trace.layers
    read = nil
    characters = nil
    let place = opened.place
    _ = try units?.indices(below: layers.map(\.units).max() ?? 1, what: "unit", where: place)
    _ = try steps?.indices(
      below: layers.map(\.input.count).max() ?? 1, what: "time step", where: place)
    chosenUnits = units
    chosenSteps = steps
    heading =
      "Gates of \(Visible.line(opened.run.name)), run \(opened.id), epoch \(trace.epoch): "
      + "recorded sample \(sample)"
  }

  /// One row a value, with the columns of the view `activations` and, of a text, what the step reads.
  package var table: Table {
    var rows: [[Table.Cell]] = []
    for layer in layers {
      for step in steps(of: layer) {
        for quantity in layer.quantities {
          for unit in units(of: layer) {
            rows.append(
              [
                .integer(sample), .integer(step), .text(layer.layer), .text(quantity.name),
                .integer(unit), .real(Double(quantity.values[step][unit])),
              ] + (characters.map { [.text($0[step])] } ?? []))
          }
        }
      }
    }
    let character = characters == nil ? [] : [Table.Column("character", .text)]
    return Table(columns: Self.columns + character, rows: rows)
  }

  private static let columns: [Table.Column] = [
    .init("sample", .integer), .init("step", .integer), .init("layer", .text),
    .init("gate", .text), .init("unit", .integer), .init("value", .number),
  ]

  private func units(of layer: LayerTrace) -> [Int] {
    (0..<layer.units).filter { chosenUnits?.contains($0) ?? true }
  }

  private func steps(of layer: LayerTrace) -> [Int] {
    layer.input.indices.filter { chosenSteps?.contains($0) ?? true }
  }
}

extension GatesReport {
  /// What is shown of a layer.
  private struct Part {
    var units: [Int]
    var steps: [Int]
  }

  /// The most units of a gate, and the most features, that are shown without being asked for.
  private static let mostUnits = 32
  /// The lines of a layer that a terminal shows without being asked for more, roughly.
  private static let mostLines = 120
  /// As many units are shown before steps are left out.
  private static let fewestUnits = 8

  /// Returns the heat map of each layer, with numbers where they fit beside it.
  package func text(on screen: Screen) -> String {
    var text = WrappedText.lines(heading, width: screen.columns)
    var drawsInputs = false
    for layer in layers {
      let whole = Part(units: units(of: layer), steps: steps(of: layer))
      let part = shown(of: layer, whole, on: screen)
      let map = map(of: layer, part, on: screen)
      drawsInputs = drawsInputs || !map.hasNumbers
      text += "\n" + map.text
      let hint = hint(part, of: whole)
      if !hint.isEmpty { text += "\n" + WrappedText.lines(hint, width: screen.columns) }
    }
    let unbounded = drawsInputs ? "states and inputs" : "states"
    return text + "\n"
      + WrappedText.lines(
        HeatMap.legend(colour: screen.hasColour)
          + "; \(unbounded), which have no bounds, by the greatest of their kind",
        width: screen.hasColour ? nil : screen.columns)
  }

  /// As much of a layer as a terminal shows; what was asked for by its number is shown whole.
  private func shown(of layer: LayerTrace, _ whole: Part, on screen: Screen) -> Part {
    var part = whole
    if chosenUnits == nil { part.units = Array(whole.units.prefix(Self.mostUnits)) }
    guard screen.columns != nil else { return part }
    let size = map(of: layer, part, on: screen).pieceSize
    let quantities = layer.quantities.count
    let inputs = min(layer.input[0].count, Self.mostUnits) + quantities + 2
    let pieces = (part.steps.count + size - 1) / size
    if chosenUnits == nil {
      let most = (Self.mostLines / max(1, pieces) - inputs) / max(1, quantities)
      part.units = Array(part.units.prefix(max(Self.fewestUnits, most)))
    }
    if chosenSteps == nil {
      let most = max(1, Self.mostLines / (inputs + quantities * part.units.count))
      part.steps = Array(part.steps.prefix(most * size))
    }
    return part
  }

  private func hint(_ part: Part, of whole: Part) -> String {
    func next(_ option: String, _ shown: [Int], _ all: [Int]) -> String? {
      guard shown.count < all.count else { return nil }
      let last = min(all.count, 2 * shown.count) - 1
      return "\(option) \(all[shown.count])..\(all[last])"
    }
    let ways = [
      next("--units", part.units, whole.units), next("--steps", part.steps, whole.steps),
    ].compactMap(\.self)
    guard !ways.isEmpty else { return "" }
    return "Shown: \(part.units.count) of \(whole.units.count) units, \(part.steps.count) of "
      + "\(whole.steps.count) steps. See more with \(ways.joined(separator: " or ")); "
      + "--csv has every value."
  }

  private func map(of layer: LayerTrace, _ part: Part, on screen: Screen) -> HeatMap {
    HeatMap(
      title: "step", columns: part.steps, labels: read.map { read in part.steps.map { read[$0] } },
      rows: rows(of: layer, part), width: screen.width, colour: screen.hasColour)
  }

  private func rows(of layer: LayerTrace, _ part: Part) -> [HeatMap.Row] {
    let greatest = layer.input.reduce(Float(0)) { $1.reduce($0) { max($0, abs($1)) } }
    let inputs = (0..<min(layer.input[0].count, Self.mostUnits)).map { feature in
      HeatMap.Row(
        name: feature == 0 ? "\(Visible.line(layer.layer)) input" : "", number: "x\(feature)",
        scale: greatest, isInput: true, values: part.steps.map { layer.input[$0][feature] })
    }
    return inputs
      + layer.quantities.flatMap { quantity in
        let scale = quantity.kind.isPart ? 1 : quantity.greatest
        return part.units.enumerated().map { index, unit in
          HeatMap.Row(
            name: index == 0 ? quantity.name.replacing("_", with: " ") : "", number: "\(unit)",
            scale: scale, values: part.steps.map { quantity.values[$0][unit] })
        }
      }
  }
}

extension LayerTrace {
  /// The number of units.
  var units: Int { quantities.first?.values.first?.count ?? 0 }
}

extension Quantity {
  /// Whether the number is a part of something, from 0 to 1, wherever the gate is a sigmoid.
  var isPart: Bool { [.input, .forget, .output, .update, .reset].contains(self) }
}

extension TraceQuantity {
  /// The greatest magnitude.
  var greatest: Float {
    values.reduce(0) { $1.reduce($0) { max($0, abs($1)) } }
  }
}

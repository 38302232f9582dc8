import LSTMEngine
package import LabFormats
import LabStore

/// All gates and states of one sample, step by step.
package struct GatesReport: Answer, Sendable {
  private let heading: String
  private let sample: Int
  private let layers: [LayerTrace]
  /// The unit that is shown; nil for all.
  private let unit: Int?

  /// Computes one sample with an epoch's weights.
  init(_ run: InspectedRun, sample: Int, layer: String?, unit: Int?) throws(LabError) {
    self.sample = try run.checked(sample: sample)
    let names = try run.recurrentLayers(layer)
    let trace = run.network.trace(run.samples.sequence(sample))
    layers = trace.layers.filter { names.contains($0.layer) }
    let units = layers.map(\.units).max() ?? 1
    self.unit = try unit.map { number throws(LabError) in
      try Nearest.number(number, in: 0..<units, what: "unit", where: run.weights.place)
    }
    heading = "Gates of \(run.weights.heading): \(run.split.rawValue) sample \(sample)"
  }

  /// One row a value, with the columns of the view `activations`.
  package var table: Table {
    var rows: [[Table.Cell]] = []
    for layer in layers {
      for step in layer.input.indices {
        for quantity in layer.quantities {
          for unit in units(of: layer) {
            rows.append([
              .integer(sample), .integer(step), .text(layer.layer), .text(quantity.name),
              .integer(unit), .real(Double(quantity.values[step][unit])),
            ])
          }
        }
      }
    }
    return Table(columns: Self.columns, rows: rows)
  }

  private static let columns: [Table.Column] = [
    .init("sample", .integer), .init("step", .integer), .init("layer", .text),
    .init("gate", .text), .init("unit", .integer), .init("value", .number),
  ]

  private func units(of layer: LayerTrace) -> [Int] {
    guard let unit else { return Array(0..<layer.units) }
    return unit < layer.units ? [unit] : []
  }

  /// The most units of a gate that a terminal shows.
  private static let shownUnits = 32

  /// Returns the heat map of each layer, with numbers where they fit beside it.
  package func text(on screen: Screen) -> String {
    var text = heading + "\n"
    for layer in layers {
      text += "\n"
      let map = HeatMap(
        rows: rows(of: layer), steps: layer.input.count, width: screen.width,
        colour: screen.hasColour)
      text += map.text
      let left = units(of: layer).count - Self.shownUnits
      if left > 0 {
        text += "\(left) more units of each gate: --unit N shows one, --csv all\n"
      }
    }
    return text + "\n" + HeatMap.legend(colour: screen.hasColour)
  }

  private func rows(of layer: LayerTrace) -> [HeatMap.Row] {
    let inputs = (0..<min(layer.input[0].count, Self.shownUnits)).map { feature in
      HeatMap.Row(
        name: feature == 0 ? "\(layer.layer) input" : "", number: "x\(feature)", scale: nil,
        values: layer.input.map { $0[feature] })
    }
    return inputs
      + layer.quantities.flatMap { quantity in
        let scale = quantity.kind.isPart ? 1 : quantity.greatest
        return units(of: layer).prefix(Self.shownUnits).enumerated().map { index, unit in
          HeatMap.Row(
            name: index == 0 ? quantity.name.replacing("_", with: " ") : "", number: "\(unit)",
            scale: scale, values: quantity.values.map { $0[unit] })
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

extension Laboratory {
  /// Returns all gates and states of one sample.
  package func gates(
    _ text: String, sample: Int, split: String?, layer: String?, unit: Int?
  ) throws -> GatesReport {
    try GatesReport(
      InspectedRun(open(text), split: split), sample: sample, layer: layer, unit: unit)
  }

  /// Returns how far the gates of all samples are driven to their bounds.
  package func saturation(_ text: String, split: String?, layer: String?) throws
    -> SaturationReport
  {
    try SaturationReport(InspectedRun(open(text), split: split), layer: layer)
  }
}

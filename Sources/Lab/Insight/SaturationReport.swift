import LSTMEngine
package import LabFormats
import LabStore

/// How far the gates are driven to their bounds, over all samples and steps.
package struct SaturationReport: Answer, Sendable {
  private let heading: String
  private let counts: [Count]

  /// Below this a gate is shut, above 1 − this it is open.
  private static let bound: Float = 0.05
  /// A unit whose output stays this small has died.
  private static let dead: Float = 0.01

  /// What was counted of one gate, or of the hidden state.
  private struct Count: Sendable {
    let layer: String
    let quantity: TraceQuantity
    /// For each unit: values, those under and over the bounds, and the greatest magnitude.
    var values = 0
    var under: [Int]
    var over: [Int]
    var greatest: [Float]

    init(of quantity: TraceQuantity, in layer: LayerTrace) {
      self.layer = layer.layer
      self.quantity = quantity
      under = [Int](repeating: 0, count: layer.units)
      over = under
      greatest = [Float](repeating: 0, count: layer.units)
    }

    mutating func add(_ step: [Float]) {
      values += 1
      for (unit, value) in step.enumerated() {
        if value < SaturationReport.bound { under[unit] += 1 }
        if value > 1 - SaturationReport.bound { over[unit] += 1 }
        greatest[unit] = max(greatest[unit], abs(value))
      }
    }

    var isState: Bool { quantity.kind == .hiddenState }

    /// The units that never leave a bound, or whose output never leaves zero.
    var stuck: [Int] {
      under.indices.filter { unit in
        isState
          ? greatest[unit] <= SaturationReport.dead
          : under[unit] == values || over[unit] == values
      }
    }
  }

  /// Computes all samples with an epoch's weights.
  init(_ run: InspectedRun, layer: String?) throws(LabError) {
    let names = try run.recurrentLayers(layer)
    let network = run.network
    var counts: [Count] = []
    for sample in 0..<run.samples.count {
      let layers = network.trace(run.samples.sequence(sample)).layers
        .filter { names.contains($0.layer) }
      var index = 0
      for layer in layers {
        for quantity in layer.quantities where quantity.kind.isPart || quantity.kind == .hiddenState
        {
          if index == counts.count { counts.append(Count(of: quantity, in: layer)) }
          for step in quantity.values { counts[index].add(step) }
          index += 1
        }
      }
    }
    self.counts = counts
    heading =
      "Saturation in \(run.weights.heading): all \(run.samples.count) \(run.origin.name) samples"
  }

  /// One row a layer and gate; the hidden state has no bounds, only dead units.
  package var table: Table {
    Table(
      columns: [
        .init("layer", .text), .init("gate", .text), .init("values", .integer),
        .init("under_0.05", .number), .init("over_0.95", .number), .init("stuck", .text),
      ],
      rows: counts.map { count in
        let total = count.values * count.under.count
        func share(_ counts: [Int]) -> Table.Cell {
          count.isState ? .null : .real(Double(counts.reduce(0, +)) / Double(total))
        }
        return [
          .text(count.layer), .text(count.quantity.name), .integer(total), share(count.under),
          share(count.over), .text(Self.list(count.stuck)),
        ]
      })
  }

  /// Returns the table with sentences that name dead and stuck units.
  package func text(on screen: Screen) -> String {
    var notes = counts.filter { !$0.stuck.isEmpty }.map { count in
      let units = (count.stuck.count == 1 ? "unit " : "units ") + Self.list(count.stuck)
      let direction = count.quantity.direction.map { "\($0.rawValue) " } ?? ""
      return count.isState
        ? "dead: \(units) of \(count.layer): the \(direction)hidden state stays within ±0.01\n"
        : "stuck: \(units) of \(count.layer): the \(count.quantity.name) gate never leaves its "
          + "bound\n"
    }
    if notes.isEmpty { notes = ["No unit is dead, no gate stuck.\n"] }
    return WrappedText.lines(heading, width: screen.columns) + "\n"
      + table.dropping(["stuck"]).text(fitting: screen.columns, TableFit(mostTurned: 0)) + "\n"
      + notes.map { WrappedText.lines(String($0.dropLast()), width: screen.columns) }.joined()
  }

  private static func list(_ units: [Int]) -> String {
    units.map(String.init).joined(separator: " ")
  }
}

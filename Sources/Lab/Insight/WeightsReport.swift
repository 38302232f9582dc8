package import LabFormats
import LabStore

/// What `weights` answers: statistics, some weights, one weight's history, or the gates' matrices.
package struct WeightsReport: Answer, Sendable {
  /// What it is about, for people.
  private let heading: String
  /// The answer whole.
  package let table: Table
  /// The answer as people read it, where that is shorter than the table.
  private let brief: Table
  /// A line under the heading: a history's curve.
  private let curve: (@Sendable (_ width: Int) -> String)?
  /// Whether people read the answer whole, too.
  package var showsAll = false

  init(
    _ heading: String, _ table: Table, brief: Table? = nil,
    curve: (@Sendable (Int) -> String)? = nil
  ) {
    self.heading = heading
    self.table = table
    self.brief = brief ?? table.droppingEmptyColumns()
    self.curve = curve
  }

  /// Returns the heading, a history's curve, and the rows.
  package func text(on screen: Screen) -> String {
    let curve = curve.map { $0(screen.width) + "\n\n" } ?? "\n"
    return heading + "\n" + curve
      + (showsAll ? table.droppingEmptyColumns() : brief).plainText(width: screen.columns)
  }

  /// Describes every tensor, or with `byGate` every gate of every tensor.
  static func statistics(_ weights: StoredWeights, byGate: Bool) -> WeightsReport {
    var rows: [[Table.Cell]] = []
    for (tensor, values) in zip(weights.tensors, weights.values) {
      let shape = tensor.isVector ? "\(tensor.cols)" : "\(tensor.rows)×\(tensor.cols)"
      let head: [Table.Cell] = [.text(tensor.layer), .text(tensor.tensor)]
      guard byGate, !tensor.gates.isEmpty else {
        rows.append(head + [.null, .text(shape)] + Statistics(values).cells)
        continue
      }
      for (number, gate) in tensor.gates.enumerated() {
        let block = tensor.isVector ? "\(tensor.units)" : "\(tensor.rows)×\(tensor.units)"
        let part = (0..<tensor.rows).flatMap { row in
          let start = row * tensor.cols + number * tensor.units
          return values[start..<start + tensor.units]
        }
        rows.append(head + [.text(gate), .text(block)] + Statistics(part).cells)
      }
    }
    let table = Table(
      columns: [
        .init("layer", .text), .init("tensor", .text), .init("gate", .text),
        .init("shape", .text),
      ] + Statistics.columns, rows: rows)
    return WeightsReport(
      "Weights of \(weights.heading)", table,
      brief: table.dropping(["count"]).droppingEmptyColumns())
  }

  /// Lists some weights with their values.
  static func list(_ places: [WeightPlace], _ weights: StoredWeights) -> WeightsReport {
    WeightsReport(
      "\(NumberText.count(places.count)) weights of \(weights.heading)",
      Table(
        columns: WeightPlace.columns + [.init("value", .number)],
        rows: places.map { $0.cells + [.real(Double(weights.value(at: $0)))] }))
  }

  /// The most rows of a history that a terminal shows without `--all`.
  private static let shownEpochs = 11

  /// Tells the history of one weight, up to an epoch.
  static func history(
    _ place: WeightPlace, _ history: [(epoch: Int, value: Float)], of weights: StoredWeights
  ) -> WeightsReport {
    let rows: [[Table.Cell]] = history.enumerated().map { index, entry in
      let change = index == 0 ? nil : Double(entry.value) - Double(history[index - 1].value)
      return [
        .integer(entry.epoch), .real(Double(entry.value)), change.map(Table.Cell.real) ?? .null,
      ]
    }
    let table = Table(
      columns: [.init("epoch", .integer), .init("value", .number), .init("change", .metric)],
      rows: rows)
    var brief = Table(
      columns: [.init("epoch", .integer), .init("value", .number)],
      rows: Sparkline.thinned(rows.map { Array($0.prefix(2)) }, to: shownEpochs))
    if rows.count <= shownEpochs { brief = table }
    let values = history.map { Double($0.value) }
    return WeightsReport(
      "\(place.name) of \(Visible.line(weights.run.name)), run \(weights.run.runID): "
        + place.words, table, brief: brief,
      curve: { width in curve(values, width: width) })
  }

  /// The curve between its first and its last value.
  private static func curve(_ values: [Double], width: Int) -> String {
    guard let first = values.first, let last = values.last else { return "" }
    let head = NumberText.number(first) + " "
    let tail = " " + NumberText.number(last)
    let room = min(width, 100) - DisplayWidth.of(head) - DisplayWidth.of(tail)
    return "\n" + head + Sparkline.text(values, width: max(2, room)) + tail
  }
}

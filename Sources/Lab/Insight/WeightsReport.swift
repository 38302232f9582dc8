package import LabFormats
import LabStore

/// What `weights` answers: statistics, some weights, histories, a picture, or the gates' matrices.
package struct WeightsReport: Answer, Sendable {
  /// What it is about, for people.
  private let heading: String
  /// The answer whole.
  package let table: Table
  private let form: Form
  /// Whether people read the answer whole, too.
  package var showsAll = false

  /// How people read the answer.
  enum Form: Sendable {
    /// As a table that is shorter than the whole.
    case table(brief: Table, TableFit)
    /// As a table of which a terminal shows the first rows.
    case rows(TableFit, hint: String)
    /// As a curve, and a table below it that is shorter than the whole.
    case curve(@Sendable (_ width: Int) -> String, brief: Table)
    /// As something that is drawn for the screen; whole or as far as is good on a terminal.
    case drawn(@Sendable (_ screen: Screen, _ isWhole: Bool) -> String)
  }

  init(_ heading: String, _ table: Table, _ form: Form) {
    self.heading = heading
    self.table = table
    self.form = form
  }

  /// The most rows of a list that a terminal shows without `--all`.
  static let shownRows = 40

  /// Returns the heading, and below it what people read.
  package func text(on screen: Screen) -> String {
    let heading = WrappedText.lines(heading, width: screen.columns) + "\n"
    let whole = table.droppingEmptyColumns()
    switch form {
    case .table(let brief, let fit):
      return heading + (showsAll ? whole : brief).text(fitting: screen.columns, fit)
    case .rows(let fit, let hint):
      let most = showsAll || screen.columns == nil ? Int.max : Self.shownRows
      var part = whole
      part.rows = Array(whole.rows.prefix(most))
      let left = whole.rows.count - part.rows.count
      let note =
        left == 0
        ? ""
        : "\n"
          + WrappedText.lines(
            "\(NumberText.count(left)) more \(left == 1 ? "weight" : "weights"): \(hint).",
            width: screen.columns)
      return heading + part.text(fitting: screen.columns, fit) + note
    case .curve(let curve, let brief):
      return heading + curve(screen.width) + "\n\n"
        + (showsAll ? whole : brief).text(fitting: screen.columns, TableFit(mostTurned: 0))
    case .drawn(let draw): return heading + draw(screen, showsAll || screen.columns == nil)
    }
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
      .table(
        brief: table.dropping(["count"]).droppingEmptyColumns(),
        TableFit(
          important: ["tensor", "gate", "mean", "std", "norm", "min", "max"], mostTurned: 0)))
  }

  /// Lists some weights with their values.
  static func list(_ places: [WeightPlace], _ weights: StoredWeights) -> WeightsReport {
    WeightsReport(
      "\(NumberText.count(places.count)) weights of \(weights.heading)",
      table(of: places, weights),
      .rows(
        TableFit(
          important: ["tensor", "row", "col", "value", "gate", "unit", "source"], mostTurned: 0),
        hint: "--all shows every one, --heat draws them"))
  }

  /// One row a weight.
  static func table(of places: [WeightPlace], _ weights: StoredWeights) -> Table {
    Table(
      columns: WeightPlace.columns + [.init("value", .number)],
      rows: places.map { $0.cells + [.real(Double(weights.value(at: $0)))] })
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
        + place.words, table, .curve({ width in curve(values, width: width) }, brief: brief))
  }

  /// The curve between its first and its last value.
  private static func curve(_ values: [Double], width: Int) -> String {
    guard let first = values.first, let last = values.last else { return "" }
    let head = NumberText.number(first) + " "
    let tail = " " + NumberText.number(last)
    let room = min(width, 100) - DisplayWidth.of(head) - DisplayWidth.of(tail)
    return head + Sparkline.text(values, width: max(2, room)) + tail
  }
}

import LabFormats
import LabStore

/// How `weights` shows what is selected.
package enum WeightsForm: Sendable {
  /// Statistics where nothing is selected, the history of a single weight, a list of several.
  case usual
  /// Statistics of each gate's part of a tensor.
  case byGate
  /// The history of every weight.
  case histories
  /// A heat map.
  case picture
}

extension Laboratory {
  /// Answers `weights`.
  package func weights(
    _ text: String, _ selection: WeightSelection, as form: WeightsForm
  ) throws -> WeightsReport {
    let weights = try StoredWeights(open(text))
    let places = try selection.places(in: weights.tensors, where: weights.place)
    let areSingle = selection.paths.count == places.count && places.count > 1
    switch form {
    case .picture:
      let picture = WeightPicture(places: places, weights: weights)
      return WeightsReport(
        "Weights of \(weights.heading)", WeightsReport.table(of: places, weights),
        .drawn { picture.text(on: $0, isWhole: $1) })
    case .histories: return try histories(places, weights)
    case .usual where areSingle: return try histories(places, weights)
    case .usual, .byGate: break
    }
    if selection.isEmpty { return .statistics(weights, byGate: form == .byGate) }
    guard places.count == 1 else { return .list(places, weights) }
    return .history(places[0], try histories(places, of: weights).histories[0].points, of: weights)
  }

  private func histories(_ places: [WeightPlace], _ weights: StoredWeights) throws -> WeightsReport
  {
    let histories = try histories(places, of: weights)
    let count = places.count == 1 ? "One weight" : "\(NumberText.count(places.count)) weights"
    return WeightsReport(
      "\(count) of \(Visible.line(weights.run.name)), run \(weights.run.runID), up to epoch "
        + "\(weights.epoch)", histories.table, .drawn { histories.text(on: $0, isWhole: $1) })
  }

  /// Returns the matrices of recurrent layers on [h, x].
  ///
  /// - Parameter units: The units whose rows are shown; nil for all.
  package func concatenatedWeights(
    _ text: String, layer: String?, units: IndexRanges?
  ) throws -> WeightsReport {
    let weights = try StoredWeights(open(text))
    return .concatenated(
      weights, try ConcatenatedWeights(weights: weights).table(layer: layer, units: units))
  }
}

extension WeightsReport {
  /// The lines of matrices that a terminal shows without `--all`, roughly.
  private static let shownLines = 120

  fileprivate static func concatenated(_ weights: StoredWeights, _ table: Table) -> WeightsReport {
    let layers = Set(table.rows.map { $0[0] })
    let brief = layers.count == 1 ? table.dropping(["layer"]) : table
    return WeightsReport(
      "W·[h, x] + b of \(weights.heading)", table,
      .drawn { screen, isWhole in
        matrices(brief, names: layers.count == 1 ? 2 : 3, on: screen, isWhole: isWhole)
      })
  }

  private static func matrices(
    _ table: Table, names: Int, on screen: Screen, isWhole: Bool
  ) -> String {
    var shown = table
    if !isWhole {
      let width = (screen.width - 8 * names) / 9
      let pieces = max(1, (table.columns.count - names + width - 1) / max(1, width))
      let matrices = Set(table.rows.map { $0.prefix(names - 1) }).count
      let units = max(1, shownLines / (pieces * matrices))
      shown.rows = table.rows.filter { row in
        if case .integer(let unit) = row[names - 1] { unit < units } else { true }
      }
    }
    let left = table.rows.count - shown.rows.count
    let hint =
      left == 0
      ? ""
      : "\n"
        + WrappedText.lines(
          "Shown: \(shown.rows.count) of \(table.rows.count) rows. "
            + "See others with --units, all with --all.",
          width: screen.columns)
    return shown.text(inPiecesOf: screen.columns, repeating: names) + hint
  }
}

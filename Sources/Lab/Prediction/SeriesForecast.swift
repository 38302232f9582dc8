import LSTMEngine
package import LabFormats
import LabStore

/// What follows the end of each series, as an epoch tells it: a row a step.
package struct SeriesForecast: Answer {
  /// What is told of each series, in the data's own units.
  package let table: Table

  /// Computes the steps behind the ends.
  ///
  /// - Parameter label: The column whose text in a series' last row says where its forecast begins.
  init(
    _ ends: SeriesEnds, label: String?, resources: TrainingSession.Resources
  ) throws {
    let epoch = ends.epoch
    let names = try Self.names(ends)
    let labels = try label.map(ends.labels)
    let outputs = epoch.computed(resources: resources).outputs
    var rows: [[Table.Cell]] = []
    for (place, series) in ends.series.enumerated() {
      for step in 0..<ends.windows.horizon {
        let first = (place * ends.windows.horizon + step) * names.count
        rows.append(
          [epoch.data.ids.map { .text($0[place]) } ?? .integer(series.number)]
            + (labels.map { [.text($0[place])] } ?? []) + [.integer(series.rows + step)]
            + outputs[first..<first + names.count].map(Table.Cell.init(fewestDigitsOf:)))
      }
    }
    table = Table(columns: Self.columns(epoch, names, hasLabels: labels != nil), rows: rows)
  }

  /// What each step has a number of.
  private static func names(_ ends: SeriesEnds) throws(LabError) -> [String] {
    let epoch = ends.epoch
    let (width, rest) = epoch.network.outputs.quotientAndRemainder(
      dividingBy: ends.windows.horizon)
    let names =
      epoch.data.targetNames ?? (width == 1 ? ["predicted"] : (0..<width).map { "y\($0)" })
    guard rest == 0, names.count == width, !epoch.network.outputHasSteps else {
      throw LabError(
        .data,
        "the model has \(epoch.network.outputs) outputs, which are not "
          + "\(ends.windows.horizon) steps of \(names.count)", where: epoch.weights.place,
        next: LabError.adviceOnDamage(epoch.weights.opened.database.path))
    }
    return names
  }

  private static func columns(
    _ epoch: AppliedEpoch, _ names: [String], hasLabels: Bool
  ) -> [Table.Column] {
    var titles = ColumnTitles()
    var columns = [
      epoch.data.ids == nil
        ? Table.Column(titles.add("series", as: "column"), .integer)
        : Table.Column(titles.add(epoch.idName ?? "series", as: "column"), .text)
    ]
    if hasLabels { columns.append(.init(titles.add("origin", as: "column"), .text)) }
    columns.append(.init(titles.add("step", as: "column"), .integer))
    return columns + names.map { .init(titles.add($0, as: "output"), .exact) }
  }
}

import Foundation
import LSTMEngine
import LabFormats
import LabStore

extension Laboratory {
  /// Lists runs, the newest first where no other order is asked for.
  ///
  /// - Parameters:
  ///   - condition: What the runs meet, beside the other filters.
  ///   - settings: Whether the settings are read in which the runs differ.
  package func runs(
    status: String?, name: String?, tag: String?, condition: String? = nil, sort: String?,
    descending: Bool, limit: Int?, settings: Bool
  ) throws -> RunList {
    var filter = RunFilter()
    filter.status = try status.map {
      try Self.known($0, RunFilter.statuses, what: "status", option: "--status")
    }
    filter.name = name
    filter.tag = tag
    filter.sort = try sort.map {
      try Self.known($0, RunFilter.sortKeys, what: "column", option: "--sort")
    }
    filter.isDescending = descending || sort == nil
    if let limit, limit < 0 {
      throw LabError(
        .usage, "\(limit) runs cannot be listed", where: "--limit", next: "allowed: 0 or more")
    }
    if condition == nil { filter.limit = limit }
    let database = try reading()
    var runs = try database.runs(filter)
    if let condition {
      let met = Set(try numbers(meeting: condition, in: database))
      let rows = runs.rows.filter { row in
        if case .integer(let id) = row[0] { met.contains(id) } else { false }
      }
      runs.rows = Array(rows.prefix(limit ?? .max))
    }
    var living: [Int: LivingRun] = [:]
    for row in runs.rows {
      guard case .integer(let id) = row[0], row[2] == .text("running") else { continue }
      // It may have been deleted since.
      living[Int(id)] = try? LivingRun(database.run(id), in: database, now: Date())
    }
    let table = Table(runs).holdingJSON("tags")
    return RunList(
      table, settings: settings ? try self.settings(of: table, in: database) : nil, living: living)
  }

  /// The settings in which runs differ, in the order of the runs; without those that most of them do
  /// not have, and without data that stand in configurations themselves.
  private func settings(of runs: Table, in database: LabDatabase) throws -> Table {
    let ids = runs.rows.compactMap { row in
      if case .integer(let id)? = row.first { id } else { nil }
    }
    var settings = Settings()
    var places: [Int: Int] = [:]
    _ = try database.comparedRuns(ids.map { Int64($0) }) { run, config in
      places[Int(run)] = settings.count
      try settings.append(config: config, run: run)
    }
    let order = ids.compactMap { places[$0] }
    guard order.count == ids.count else { return Table(columns: []) }
    return settings.table(
      of: order, beside: runs.columns.map(\.title).filter { !Settings.repeats.values.contains($0) })
  }

  private static func known(
    _ value: String, _ allowed: [String], what: String, option: String
  ) throws(LabError) -> String {
    if allowed.contains(value) { return value }
    let near = Suggestion.text(for: value, among: allowed)
    throw LabError(
      .usage, "there is no \(what) `\(Visible.line(value))`", where: option,
      next: near + "allowed: " + allowed.joined(separator: ", "))
  }

  /// Shows runs whole that meet a condition, in the order of their numbers; at least one.
  package func show(_ choice: RunChoice, allEpochs: Bool) throws -> RunReports {
    RunReports(
      reports: try references(of: choice).map { text in
        var report = try show(text)
        report.showsAllEpochs = allEpochs
        return report
      })
  }

  /// The number of the run that a reference names.
  package func runID(_ text: String) throws -> Int64 { try reading().find(.parse(text)) }

  /// Shows one run whole.
  package func show(_ text: String) throws -> RunReport {
    let database = try reading()
    let opened = try open(
      whole: text, in: database, "a run is shown as a whole", where: "show"
    ) { run, epoch in
      "for one epoch: lstm-lab query \"SELECT * FROM epochs WHERE run_id = \(run) "
        + "AND epoch = \(epoch)\""
    }
    let (id, run) = (opened.id, opened.run)
    let config = run.trainer == nil || run.native != nil ? try opened.config : nil
    let tensors = try database.tensors(of: id)
    return RunReport(
      run: run, living: try LivingRun(run, in: database, now: Date()), now: Date(),
      summary: config.map { config in
        KerasSummary(
          config.model.layers, features: tensors.first { $0.source == .input }?.rows ?? 0,
          tensors: tensors.map { ($0.layer, $0.count) }, steps: config.data.train.knownSteps)
      },
      foreign: config == nil
        ? ForeignSummary(tensors, try database.foreignTensors(of: id)) : nil,
      row: Table(try database.rows(of: .runs, run: id))
        .replacing("status", with: .text(run.status)).holdingJSON("tags", "config"),
      tensors: Table(try database.rows(of: .tensors, run: id)),
      classes: Table(try database.rows(of: .classes, run: id)),
      features: Table(try database.rows(of: .features, run: id)),
      normalize: config?.data.normalize ?? .none, folds: config?.data.validation?.folds,
      outcomes: run.trainer == nil ? try Outcomes(storedOf: opened) : nil,
      epochs: Table(try database.rows(of: .epochs, run: id)),
      metrics: try database.metrics(of: id))
  }
}

extension DataSource {
  /// The number of time steps of all samples, where the configuration tells it.
  fileprivate var knownSteps: Int? { text?.length ?? arrays?.inlineSteps }
}

extension ArraysSource {
  /// The number of time steps of all samples, where the configuration itself holds them.
  fileprivate var inlineSteps: Int? {
    if let windows { return windows.length }
    guard case .inline(let array) = x, array.isRectangular, lengths == nil else { return nil }
    return array.lengths.first
  }
}

extension KerasSummary {
  /// Sums up a model from the number of weights of each of its tensors.
  init(
    _ layers: [LayerSpecification], features: Int, tensors: [(layer: String, count: Int)],
    steps: Int?
  ) {
    self.init(
      layers: layers.shapes(features: features).map { shape in
        let layer = shape.layer
        let type: String
        switch layer.kind {
        case .recurrent(let recurrent): type = recurrent.cell.kerasName
        case .bidirectional: type = "Bidirectional"
        case .dense: type = "Dense"
        case .embedding: type = "Embedding"
        case .dropout: type = "Dropout"
        }
        return Layer(
          name: layer.name, type: type,
          outputShape: shape.givesSteps ? [nil, steps, shape.outputs] : [nil, shape.outputs],
          parameters: tensors.filter { $0.layer == layer.name }.reduce(0) { $0 + $1.count },
          trainable: layer.trainable)
      })
  }
}

extension RecurrentCell {
  /// The name of Keras's class.
  fileprivate var kerasName: String {
    switch self {
    case .lstm: "LSTM"
    case .gru: "GRU"
    case .simpleRNN: "SimpleRNN"
    }
  }
}

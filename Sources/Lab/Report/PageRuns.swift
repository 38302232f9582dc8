import LabFormats
import LabStore

/// The runs as the page's script sorts, searches, groups and draws them, and the table that those see
/// who have no scripts.
struct PageRuns {
  /// What a column tells of a run.
  enum Role: String {
    case run, name, status
    /// A setting in which the runs differ.
    case setting
    /// What repeats of one experiment differ in: seed and fold.
    case `repeat`
    case metric
    /// Anything else.
    case fact
  }

  private let report: Report
  /// Every column that some run has a value in.
  private let table: Table
  private let roles: [Role]
  /// The longer names of settings, by column.
  private let paths: [String?]
  /// The places of the columns that are shown at first, at most ten.
  let shown: [Int]

  private static let mostShown = 10
  /// The metrics that are shown before all others.
  private static let metrics = ["val_loss", "loss", "val_accuracy", "accuracy"]
  /// The settings that are shown at first.
  private static let mostSettings = 4
  /// What is of use to programs only.
  private static let hidden = [
    "tags", "notes", "uuid", "config_hash", "settings_hash", "initial_hash",
  ]

  init(_ report: Report) {
    self.report = report
    let runs = report.comparison.runs
    let whole = report.comparison.table.droppingEmptyColumns()
    let kept = whole.columns.indices.filter { !Self.hidden.contains(whole.columns[$0].title) }
    table = Table(
      columns: kept.map { whole.columns[$0] }, rows: whole.rows.map { row in kept.map { row[$0] } })
    let differing = report.comparison.differing.map { path in
      (title: runs.title(ofSetting: path), path: runs.settings.paths[path])
    }
    let metrics = Set(runs.table.columns.filter { $0.kind == .metric }.map(\.title))
    paths = table.columns.map { column in differing.first { $0.title == column.title }?.path }
    roles = zip(table.columns, paths).map { column, path in
      Self.role(of: column.title, path: path, isMetric: metrics.contains(column.title))
    }
    shown = Self.chosen(table, roles)
  }

  /// What a column tells.
  ///
  /// - Parameter path: That of the setting that it shows; nil where it shows none.
  static func role(of title: String, path: String?, isMetric: Bool) -> Role {
    switch title {
    case "run_id": .run
    case "name": .name
    case "status": .status
    case "seed", "fold": .repeat
    default:
      if let path {
        Settings.repeats[path] == nil ? .setting : .repeat
      } else {
        isMetric ? .metric : .fact
      }
    }
  }

  /// The columns that matter most: what tells the runs apart, and what they came to.
  private static func chosen(_ table: Table, _ roles: [Role]) -> [Int] {
    let titles = table.columns.map(\.title)
    func places(_ wanted: Role) -> [Int] { roles.indices.filter { roles[$0] == wanted } }
    func named(_ names: [String]) -> [Int] { names.compactMap(titles.firstIndex) }
    let repeats = places(.repeat).filter { column in
      Set(table.rows.map { table.columns[column].shown($0[column]) }).count > 1
    }
    let wanted =
      places(.run) + places(.name) + places(.status)
      + places(.setting).prefix(mostSettings) + named(metrics) + repeats
      + named(["best_epoch", "epochs", "seconds", "parameters"]) + places(.metric)
    var seen: Set<Int> = []
    return wanted.filter { seen.insert($0).inserted }.prefix(mostShown).sorted()
  }

  /// The rows, the newest run first, but where another order was asked for.
  private var order: [Int] {
    let ids = report.runs.map(\.run.runID)
    return ids == ids.sorted() ? table.rows.indices.reversed() : Array(table.rows.indices)
  }

  /// The table of the columns that are shown at first.
  var html: String {
    let order = order
    return HTMLText.table(
      Table(
        columns: shown.map { table.columns[$0] },
        rows: order.map { row in shown.map { table.rows[row][$0] } }),
      caption: "Runs", isSortable: true,
      link: { row, column in
        column == 0 ? "run-\(report.runs[order[row]].run.runID)" : nil
      })
  }

  /// Everything for the script.
  var json: JSONText {
    .object([
      "columns": .array(table.columns.indices.map(column)),
      "shown": .array(shown.map(JSONText.integer)),
      "shared": .array(
        report.settings.shared.map { .array([.string($0.name), .string($0.value)]) }),
      "rows": .array(order.map(row)),
      "family": .array(report.family.map(relative)),
    ])
  }

  private func column(_ place: Int) -> JSONText {
    let column = table.columns[place]
    let title = column.title
    return .object([
      "title": .string(Visible.line(title)), "path": paths[place].map(JSONText.string),
      "role": .string(roles[place].rawValue),
      "isNumber": .bool(column.alignment == .right),
      "isDuration": column.kind == .seconds ? .bool(true) : nil,
      "isHigherBetter": roles[place] == .metric
        ? .bool(MetricValue.isHigherBetter(DataSplit.parts(ofMetric: title).name)) : nil,
    ])
  }

  private func row(_ place: Int) -> JSONText {
    let run = report.runs[place].run
    let runs = report.comparison.runs
    let group = runs.origin(runs.chosen[place])
    let first = runs.chosen.firstIndex { runs.origin($0) == group } ?? place
    return .object([
      "run": .integer(Int(run.runID)), "group": .integer(first), "number": .integer(place),
      "cells": .array(table.rows[place].map(Self.cell)),
    ])
  }

  /// A cell for the script; what others wrote is made visible.
  static func cell(_ cell: Table.Cell) -> JSONText {
    switch cell {
    case .null: .null
    case .integer(let value): .integer(value)
    case .real(let value): value.isFinite ? .real(value) : .string(NumberText.exact(value))
    case .text(let text): .string(Visible.line(text))
    }
  }

  /// A run of the report, or one that such a run descends from.
  private func relative(_ run: StoredRun) -> JSONText {
    .object([
      "run": .integer(Int(run.runID)), "name": .string(Visible.line(run.name)),
      "status": .string(run.status), "epochs": .integer(run.epochs),
      "parent": run.parentRunID.map { .integer(Int($0)) },
      "from": run.parentEpoch.map(JSONText.integer),
      "isHere": .bool(report.runs.contains { $0.run.runID == run.runID }),
    ])
  }
}

package import LabFormats
import LabStore

/// A list of runs: whole for machines, brief for people.
package struct RunList: Answer, Sendable {
  /// What the status of a run can be.
  package static var statuses: [String] { RunFilter.statuses }
  /// The columns that runs can be sorted by.
  package static var sortKeys: [String] { RunFilter.sortKeys }

  /// Every column.
  package let table: Table
  /// Those that are being trained, by their id.
  let living: [Int: LivingRun]
  /// The settings in which the runs differ, a column each; without rows where none were read.
  private let settings: Table
  /// How many more settings differ than are shown.
  private let more: Int

  /// The most settings that are shown of each run.
  private static let mostSettings = 8

  /// Lists runs with the settings that tell them apart.
  ///
  /// - Parameter settings: A column a setting, of the same runs in the same order.
  init(_ table: Table, settings: Table? = nil, living: [Int: LivingRun] = [:]) {
    let settings = settings ?? Table(columns: [])
    self.table = table
    self.living = living
    let titles = settings.columns.map(\.title)
    self.settings = settings.selecting(Array(titles.prefix(Self.mostSettings)))
    more = max(0, titles.count - Self.mostSettings)
  }

  /// The columns that tell runs apart, without those that are empty; a terminal has below them why
  /// runs ended.
  package func text(on screen: Screen) -> String {
    guard let width = screen.columns else {
      return brief.plainText() + (more == 0 ? "" : "\n\(moreText)\n")
    }
    let shown = brief.dropping(["message"])
    let notes = messages + (more == 0 ? [] : [moreText])
    return shown.text(fitting: width, fit(shown)) + (notes.isEmpty ? "" : "\n")
      + notes.map { WrappedText.lines($0, width: width, hanging: "  ") }.joined()
  }

  private var moreText: String {
    "They differ in \(more) more setting\(more == 1 ? "" : "s"): lstm-lab compare shows all."
  }

  /// The most messages that a terminal shows.
  private static let mostMessages = 5

  /// Why runs ended, as far as that needs saying.
  private var messages: [String] {
    let told = table.selecting(["run_id", "status", "message"]).rows.compactMap { row in
      if case .text(let message) = row[2], case .integer(let run) = row[0],
        case .text(let status) = row[1]
      {
        "Run \(run) (\(status)): \(Visible.line(message))"
      } else {
        nil
      }
    }
    let left = told.count - Self.mostMessages
    return Array(told.prefix(Self.mostMessages))
      + (left > 0 ? ["\(left) more \(left == 1 ? "has" : "have") a message: --csv shows it."] : [])
  }

  private static let head = ["run_id", "name", "status"]

  private var brief: Table {
    let table = tableOfProgress
    let head = table.selecting(Self.head)
    let rest = table.selecting([
      "epochs", "loss", "accuracy", "val_loss", "val_accuracy", "test_loss", "test_accuracy",
      "best_epoch", "parameters", "seconds", "parent_run_id", "created_at", "message",
    ])
    var shown = head
    for part in [settings, rest] where part.rows.count == head.rows.count {
      let isNew = { (column: Table.Column) in !shown.columns.contains { $0.title == column.title } }
      let added = part.selecting(part.columns.filter(isNew).map(\.title))
      shown = Table(
        columns: shown.columns + added.columns, rows: zip(shown.rows, added.rows).map { $0 + $1 })
    }
    return shown.droppingEmptyColumns()
  }

  /// What is left out last where not all columns fit.
  private func fit(_ shown: Table) -> TableFit {
    let isValidated = shown.columns.contains { $0.title == "val_loss" }
    let statuses = Set(table.selecting(["status"]).rows.map { $0[0] })
    let status = statuses == [.text("completed")] ? [] : ["status"]
    return TableFit(
      important: ["name"] + status + [isValidated ? "val_loss" : "loss"]
        + settings.columns.map(\.title) + ["loss", "epochs", "val_accuracy", "accuracy", "status"],
      mostTurned: 0, hint: "--csv shows every column, lstm-lab show RUN a whole run")
  }

  /// The table with how far the runs are that are being trained.
  private var tableOfProgress: Table {
    var table = table
    for (title, text) in [("status", \LivingRun.status), ("epochs", \LivingRun.progress)] {
      guard let column = table.columns.firstIndex(where: { $0.title == title }) else { continue }
      for row in table.rows.indices {
        if case .integer(let id)? = table.rows[row].first, let run = living[id] {
          table.rows[row][column] = .text(run[keyPath: text])
        }
      }
    }
    return table
  }
}

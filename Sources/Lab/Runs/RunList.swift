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

  /// The columns that tell runs apart, without those that are empty.
  package func text(on screen: Screen) -> String {
    tableOfProgress.selecting([
      "run_id", "name", "status", "epochs", "loss", "accuracy", "val_loss", "val_accuracy",
      "test_loss", "test_accuracy", "best_epoch", "parameters", "seconds", "parent_run_id",
      "created_at",
    ]).droppingEmptyColumns().plainText(width: screen.columns)
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

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

  /// The columns that tell runs apart, without those that are empty.
  package func text(on screen: Screen) -> String {
    table.selecting([
      "run_id", "name", "status", "epochs", "loss", "accuracy", "val_loss", "val_accuracy",
      "test_loss", "test_accuracy", "best_epoch", "parameters", "seconds", "parent_run_id",
      "created_at",
    ]).droppingEmptyColumns().plainText(width: screen.columns)
  }
}

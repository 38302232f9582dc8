/// Which runs to list, and in which order.
package struct RunFilter: Equatable, Sendable {
  /// Columns a list can be sorted by.
  package static let sortKeys = [
    "run_id", "name", "status", "epochs", "loss", "accuracy", "val_loss", "val_accuracy",
    "test_loss", "test_accuracy", "best_epoch", "best_loss", "best_accuracy",
    "best_val_loss", "best_val_accuracy", "parameters", "seconds", "created_at",
  ]

  /// What the status of a run can be.
  package static let statuses = [
    "running", "completed", "interrupted", "crashed", "diverged", "failed",
  ]

  /// The status, if only one is wanted.
  package var status: String?
  /// A pattern for the name, with * and ? and […].
  package var name: String?
  /// A tag every listed run has.
  package var tag: String?
  /// One of ``sortKeys``; nil: the id.
  package var sort: String?
  /// Whether the largest comes first.
  package var isDescending = false
  /// At most so many.
  package var limit: Int?

  /// Lists every run by id.
  package init() {}
}

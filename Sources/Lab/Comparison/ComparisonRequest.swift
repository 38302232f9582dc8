/// What `compare` is asked.
package struct ComparisonRequest: Sendable {
  /// The runs as the user named them; none for all.
  package var runs: [String] = []
  /// A condition that every compared run fulfils.
  package var condition: String?
  /// A tag that every compared run has.
  package var tag: String?
  /// The sweep that every compared run belongs to.
  package var sweep: String?
  /// Only the newest so many runs of the database.
  package var last: Int?
  /// The field to sort by; nil: the id.
  package var sort: String?
  /// Whether the greatest comes first.
  package var isDescending = false
  /// At most so many runs, after sorting.
  package var limit: Int?
  /// The run that the others are measured against.
  package var baseline: String?
  /// The setting that groups have in common, or `config`: all but seed and fold.
  package var groupBy: String?
  /// The metric of the curves; nil: `val_loss` where it was measured, else `loss`.
  package var metric: String?
  /// Whether settings that are the same in all runs are told, too.
  package var showsShared = false

  /// Compares all runs.
  package init() {}
}

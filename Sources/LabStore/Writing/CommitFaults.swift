import GRDB

/// Failures to order, for tests of what follows a failed commit.
struct CommitFaults: Sendable {
  /// Runs in each transaction, just before COMMIT.
  var beforeCommit: (@Sendable (Database) throws -> Void)?
  /// Runs just after COMMIT has happened; what it throws passes for an error of COMMIT.
  var afterCommit: (@Sendable (Database) throws -> Void)?
}

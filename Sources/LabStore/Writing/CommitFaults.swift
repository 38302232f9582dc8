/// Failures to order, for tests of what follows a failed commit.
struct CommitFaults: Sendable {
  /// Called in each transaction just before COMMIT; returns SQL to execute there.
  var beforeCommit: (@Sendable () throws -> String)?
  /// Called just after COMMIT has happened; what it throws passes for an error of COMMIT.
  var afterCommit: (@Sendable () throws -> Void)?
}

import GRDB
import LabFormats

/// Weights and optimizer states of a run's epochs that are to be removed.
package struct StoredPruning: Sendable {
  /// The run as it was when the epochs were chosen.
  package let run: StoredRun
  /// The epochs whose weights, and whose optimizer states, are removed.
  package let weights, optimizer: [Int]

  /// Names the epochs of a run.
  package init(_ run: StoredRun, weights: [Int], optimizer: [Int]) {
    self.run = run
    self.weights = weights
    self.optimizer = optimizer
  }
}

extension LabDatabase {
  /// The epochs of a run that have weights or an optimizer's state, in order: how many sets of numbers, each
  /// as many as the model's weights, are stored of both.
  package func recordings(
    of run: Int64
  ) throws -> [(epoch: Int, weights: Int, slots: Int)] {
    try read { db in
      try db.rows(
        of: "recording", "run \(run)",
        """
        SELECT epoch, count(*) FILTER (WHERE part = 'weights') AS weights,
          count(*) FILTER (WHERE part = 'optimizer') AS slots
        FROM recording WHERE run_id = ? AND part IN ('weights', 'optimizer')
        GROUP BY epoch ORDER BY epoch
        """, [run]
      ) { row in (epoch: try row["epoch"], weights: try row["weights"], slots: try row["slots"]) }
    }
  }

  /// The first stored epoch of a run, and what else its last stored with its state, as JSON.
  package func bounds(of run: Int64) throws -> (first: Int, lastState: String)? {
    try read { db in
      try db.row(
        of: "epoch", "run \(run)",
        """
        SELECT min(epoch) AS first, (SELECT state FROM epoch WHERE run_id = :run
          ORDER BY epoch DESC LIMIT 1) AS state
        FROM epoch WHERE run_id = :run HAVING count(*) > 0
        """, ["run": run]
      ) { row in (first: try row["first"], lastState: try row["state"]) }
    }
  }

  /// Removes weights and optimizer states of epochs, of all the runs or of none; the epochs keep their
  /// metrics and hashes.
  ///
  /// - Throws: `LabError` of kind `busy` where a run is being trained, or was since its epochs were chosen.
  package func prune(_ prunings: [StoredPruning]) throws {
    let lock = try FileLock(beside: path)
    for run in prunings.map(\.run.runID) {
      guard try lock.tryAcquire(.run(run)) else { throw LabError.beingTrained(run, path) }
    }
    try withCommitLock {
      try connection.write { db in
        for pruning in prunings {
          let id = pruning.run.runID
          try requireUntrained(pruning.run, db)
          let parts: [(RecordedPart, [Int])] = [
            (.weights, pruning.weights), (.optimizer, pruning.optimizer),
          ]
          for (part, epochs) in parts {
            // The trigger recording_deleted removes the numbers.
            let removal = try db.cachedStatement(
              sql: "DELETE FROM recording WHERE run_id = ? AND epoch = ? AND part = ?")
            for epoch in epochs {
              try removal.execute(arguments: [id, epoch, part.rawValue])
            }
          }
        }
      }
    }
  }
}

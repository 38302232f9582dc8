import GRDB

/// What a run is, whatever it is called and wherever its files lie: two runs with one identity have the same
/// bits.
package struct RunIdentity: Equatable, Sendable {
  /// SHA-256 of the settings, of the data, and of the initial weights where a file gives them.
  package let settings, data: String
  package let initial: String?
  /// The seed.
  package let seed: Int
  /// The fold; nil without.
  package let fold: Int?

  /// Names a run that may be there or not.
  package init(settings: String, data: String, initial: String?, seed: Int, fold: Int?) {
    self.settings = settings
    self.data = data
    self.initial = initial
    self.seed = seed
    self.fold = fold
  }
}

/// A run that has the identity that was asked for, and how far it is.
package struct FoundRun: Equatable, Sendable {
  /// Its number.
  package let run: Int64
  /// One of the six words.
  package let status: String
  /// The last epoch stored.
  package let epochs: Int
}

extension LabDatabase {
  /// The runs that have an identity, forks left out, the oldest first.
  package func runs(with identity: RunIdentity) throws -> [FoundRun] {
    let found: [FoundRun] = try read { db in
      try db.rows(
        of: "runs", "a run",
        """
        SELECT run_id, status, epochs FROM runs WHERE settings_hash = ? AND data_hash = ?
          AND initial_hash IS ? AND seed = ? AND fold IS ? AND parent_epoch IS NULL
        ORDER BY run_id
        """,
        [identity.settings, identity.data, identity.initial, identity.seed, identity.fold]
      ) { row in
        FoundRun(run: try row["run_id"], status: try row["status"], epochs: try row["epochs"])
      }
    }
    return try found.map {
      FoundRun(run: $0.run, status: try settled($0.status, of: $0.run), epochs: $0.epochs)
    }
  }

  /// What the sweep of a name varies, as JSON; nil where there is none.
  package func definition(ofSweep name: String) throws -> String? {
    try read { db in
      try db.value(
        "definition", of: "sweep", "a sweep", "SELECT definition FROM sweep WHERE name = ?", [name])
    }
  }
}

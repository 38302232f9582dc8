import GRDB

extension LabDatabase {
  /// The predictions that an epoch stored, part by part.
  package func predictions(
    of run: Int64, at epoch: Int, in splits: [DataSplit] = DataSplit.allCases
  ) throws -> [Prediction] {
    try read { db in
      let stored = try EpochReader(
        db: db, run: run, tensors: Self.tensors(of: run, db), epoch: epoch)
      return try splits.compactMap { split in
        try stored.predictions(split).map { Prediction(split: split, values: $0) }
      }
    }
  }

  /// The gates and states that an epoch stored, sample by sample.
  package func activations(of run: Int64, at epoch: Int) throws -> [Activations] {
    try read { db in
      try EpochReader(db: db, run: run, tensors: [], epoch: epoch).activations()
    }
  }

  /// The gates and states that a run records, in the order of a step's values.
  package func activationDescriptions(of run: Int64) throws -> [ActivationDescription] {
    try read { db in
      try db.rows(
        of: "activation", "run \(run)",
        "SELECT layer, direction, gate, units FROM activation WHERE run_id = ? ORDER BY position",
        [run]
      ) { row in
        let units: Int = try row["units"]
        guard units > 0 else { throw row.damaged("units", "not a number of units") }
        return try ActivationDescription(
          layer: row["layer"], part: LayerPart(direction: row["direction"], name: row["gate"]),
          units: units)
      }
    }
  }

  /// The targets that a run stored for its predictions, part by part: little-endian float32.
  package func targets(
    of run: Int64, in splits: [DataSplit] = DataSplit.allCases
  ) throws -> [Prediction] {
    try read { db in
      try db.rows(
        of: "split", "run \(run)",
        "SELECT split, first_vector, vectors FROM split WHERE run_id = ? ORDER BY split", [run]
      ) { row in
        let split: DataSplit = try row["split"]
        guard splits.contains(split) else { return nil }
        return try Prediction(
          split: split,
          values: EpochReader.vectors(from: row["first_vector"], count: row["vectors"], db))
      }.compactMap(\.self)
    }
  }

  /// Whether the file's pages and keys are sound; else what SQLite says about them.
  package func damages() throws -> [String] {
    try read { db in
      let pages: [String] = try db.values(
        "integrity_check", of: "file", "the database", "PRAGMA integrity_check(10)"
      ).filter { $0 != "ok" }
      let keys = try db.rows(
        of: "file", "the database", "SELECT * FROM pragma_foreign_key_check LIMIT 10"
      ) { "a row of \(try $0["table"] as String? ?? "?") refers to one that is missing" }
      return pages + keys
    }
  }
}

import GRDB

extension LabDatabase {
  /// What an epoch stored beside weights and optimizer state, part by part: the bytes by their name.
  package func predictions(of run: Int64, at epoch: Int) throws -> [Prediction] {
    try read { db in
      let stored = try EpochReader(
        db: db, run: run, tensors: Self.tensors(of: run, db), epoch: epoch)
      return try DataSplit.allCases.compactMap { split in
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
      try Row.fetchAll(
        db,
        sql: """
          SELECT layer, direction, gate, units FROM activation WHERE run_id = ? ORDER BY position
          """, arguments: [run]
      ).map {
        ActivationDescription(
          layer: $0["layer"], part: LayerPart(direction: $0["direction"], name: $0["gate"]),
          units: $0["units"])
      }
    }
  }

  /// The targets that a run stored for its predictions, part by part: little-endian float32.
  package func targets(of run: Int64) throws -> [Prediction] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT split, first_vector, vectors FROM split WHERE run_id = ? ORDER BY split",
        arguments: [run]
      ).compactMap { row -> Prediction? in
        guard let split = DataSplit(rawValue: row["split"]) else { return nil }
        let bytes = try EpochReader.vectors(
          from: row["first_vector"], count: row["vectors"], db)
        return Prediction(split: split, values: bytes)
      }
    }
  }

  /// Whether the file's pages and keys are sound; else what SQLite says about them.
  package func damages() throws -> [String] {
    try read { db in
      let pages = try String.fetchAll(db, sql: "PRAGMA integrity_check(10)").filter { $0 != "ok" }
      let keys = try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").prefix(10).map {
        "a row of \($0["table"] as String? ?? "?") refers to one that is missing"
      }
      return pages + keys
    }
  }
}

import GRDB

extension LabDatabase {
  /// The fingerprints of the parts of a run's data, in the order of hashing.
  package func dataParts(of run: Int64) throws -> [DataDescription.Part] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT part, hash FROM data_part WHERE run_id = ? ORDER BY position",
        arguments: [run]
      ).map { DataDescription.Part(name: $0["part"], hash: $0["hash"]) }
    }
  }
}

import GRDB

/// A run as the view `runs` tells it, and what only the program itself needs.
package struct StoredRun: Equatable, Sendable {
  /// Small number, unique in the file.
  package let runID: Int64
  /// Unique everywhere, chosen in the configuration, one of the six words, UTC in ISO 8601.
  package let uuid, name, status, createdAt: String
  /// UTC in ISO 8601; nil while the run lives and after a crash.
  package let finishedAt: String?
  /// The last epoch stored.
  package let epochs: Int
  /// Number of weights.
  package let parameters: Int
  /// Seed of every random number.
  package let seed: Int64
  /// Of the last epoch.
  package let loss, accuracy, valLoss, valAccuracy: Double?
  /// The epoch of the lowest validation loss, or loss where nothing was validated.
  package let bestEpoch: Int?
  /// The epoch whose weights are the run's result.
  package let resultEpoch: Int
  /// Of the result; nil without test data and before the end.
  package let testLoss, testAccuracy: Double?
  /// Spent in training.
  package let seconds: Double
  /// Normalised JSON, and SHA-256 of it and of the data in hexadecimal.
  package let config, configHash, dataHash: String
  /// The run this one was forked from.
  package let parentRunID: Int64?
  /// The parent's epoch that became this run's first.
  package let parentEpoch: Int?
  /// A JSON array of strings.
  package let tags: String
  /// Free text.
  package let notes: String?
  /// Where and by which version of the program the run was started.
  package let host, version: String
  /// The absolute path that relative paths in `config` start from.
  package let configDirectory: String
  /// Why the run ended, where that was said.
  package let message: String?

  /// What ``init(_:status:)`` needs of a run.
  static func row(of run: Int64, _ db: Database) throws -> Row? {
    try Row.fetchOne(
      db,
      sql: """
        SELECT runs.*, config_directory FROM runs JOIN run ON id = run_id
        WHERE run_id = ?
        """, arguments: [run])
  }

  init(_ row: Row, status: String) {
    runID = row["run_id"]
    uuid = row["uuid"]
    name = row["name"]
    self.status = status
    createdAt = row["created_at"]
    finishedAt = row["finished_at"]
    epochs = row["epochs"]
    parameters = row["parameters"]
    seed = row["seed"]
    loss = row["loss"]
    accuracy = row["accuracy"]
    valLoss = row["val_loss"]
    valAccuracy = row["val_accuracy"]
    bestEpoch = row["best_epoch"]
    resultEpoch = row["result_epoch"]
    testLoss = row["test_loss"]
    testAccuracy = row["test_accuracy"]
    seconds = row["seconds"]
    config = row["config"]
    configHash = row["config_hash"]
    dataHash = row["data_hash"]
    parentRunID = row["parent_run_id"]
    parentEpoch = row["parent_epoch"]
    tags = row["tags"]
    notes = row["notes"]
    host = row["host"]
    version = row["version"]
    configDirectory = row["config_directory"]
    message = row["message"]
  }
}

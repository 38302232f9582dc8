import GRDB

/// A run as the view `runs` tells it, and what only the program itself needs.
package struct StoredRun: Equatable, Sendable {
  /// Small number, unique in the file.
  package let runID: Int64
  /// Unique everywhere, chosen in the configuration, UTC in ISO 8601.
  package let uuid, name, createdAt: String
  /// One of the six words.
  package internal(set) var status: String
  /// UTC in ISO 8601; nil while the run lives and after a crash.
  package let finishedAt: String?
  /// The last epoch stored.
  package let epochs: Int
  /// Number of weights.
  package let parameters: Int
  /// Seed of every random number; nil where another program's is not known.
  package let seed: Int64?
  /// The fold of a cross-validation that it validates with, from 0; nil of any other run.
  package let fold: Int?
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
  /// Normalised JSON, and SHA-256 of it in hexadecimal.
  package let config, configHash: String
  /// SHA-256 of the data in hexadecimal; nil where another program's are not known.
  package let dataHash: String?
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
  /// The absolute path that relative paths in `config` start from; empty of a foreign run.
  package let configDirectory: String
  /// Which numbers were scaled; nil where none were.
  package let scaledFrom: ScaledFrom?
  /// Why the run ended, where that was said.
  package let message: String?
  /// The program that trained a foreign run; nil of our own.
  package let trainer: String?
  /// A foreign run's model as a configuration: JSON; nil where the engine does not know it.
  package let native: String?
  /// Whether every number is stored as the program had it.
  package let isExact: Bool

  /// Reads a run, with the status that the view tells; nil where there is none such.
  static func read(_ run: Int64, _ db: Database) throws -> StoredRun? {
    let sql = """
      SELECT runs.*, config_directory, scaled_from, native, exact FROM runs JOIN run ON id = run_id WHERE run_id = ?
      """
    return try db.row(of: "runs", "run \(run)", sql, [run], StoredRun.init)
  }

  private init(_ row: StoredRow) throws {
    runID = try row["run_id"]
    uuid = try row["uuid"]
    name = try row["name"]
    status = try row["status"]
    createdAt = try row["created_at"]
    finishedAt = try row["finished_at"]
    epochs = try row["epochs"]
    parameters = try row["parameters"]
    seed = try row["seed"]
    fold = try row["fold"]
    loss = try row["loss"]
    accuracy = try row["accuracy"]
    valLoss = try row["val_loss"]
    valAccuracy = try row["val_accuracy"]
    bestEpoch = try row["best_epoch"]
    resultEpoch = try row["result_epoch"]
    testLoss = try row["test_loss"]
    testAccuracy = try row["test_accuracy"]
    seconds = try row["seconds"]
    config = try row["config"]
    configHash = try row["config_hash"]
    dataHash = try row["data_hash"]
    parentRunID = try row["parent_run_id"]
    parentEpoch = try row["parent_epoch"]
    tags = try row["tags"]
    notes = try row["notes"]
    host = try row["host"]
    version = try row["version"]
    configDirectory = try row["config_directory"] as String? ?? ""
    scaledFrom = try (row["scaled_from"] as String?).flatMap(ScaledFrom.init)
    message = try row["message"]
    trainer = try row["trainer"]
    native = try row["native"]
    isExact = try row["exact"]
  }
}

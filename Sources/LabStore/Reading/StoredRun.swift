import GRDB

/// A run as the view `runs` tells it, and what only the program itself needs.
package struct StoredRun: Equatable, Sendable {
  package let runID: Int64
  package let uuid, name, status, createdAt: String
  package let finishedAt: String?
  package let epochs: Int
  package let parameters: Int
  package let seed: Int64
  package let loss, accuracy, valLoss, valAccuracy: Double?
  package let bestEpoch: Int?
  package let seconds: Double
  package let config, configHash, dataHash: String
  package let parentRunID: Int64?
  package let parentEpoch: Int?
  /// A JSON array of strings.
  package let tags: String
  package let notes: String?
  package let host, version: String
  /// The absolute path that relative paths in `config` start from.
  package let configDirectory: String
  /// Why the run ended, where that was said.
  package let message: String?

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

import Foundation
import GRDB
import LabFormats

/// What a writer begins with.
enum RunStart: Sendable {
  /// A new run; it comes into being with its first epoch.
  case new(RunDescription, uuid: String)
  /// A stored run: later epochs are dropped, and it is open again.
  case resumed(Int64, uuid: String, after: Int, tensors: [TensorDescription], RunChange)

  /// The run's unique name.
  var uuid: String {
    switch self {
    case .new(_, let uuid), .resumed(_, let uuid, _, _, _): uuid
    }
  }
}

/// How a run ended, when, and what came of it.
struct RunEnding: Sendable {
  let outcome: RunOutcome
  let message: String?
  let result: RunResult
  let date: Date
  /// The last epoch with all that a resume needs, where it was stored without.
  var whole: EpochRecord?
}

/// All that one transaction of a writer does: it starts the run, adds epochs, ends the run.
struct RunTransaction {
  /// Where the run stands afterwards.
  struct Result {
    let run: Int64
    let lastEpoch: Int?
  }

  let path: String
  let run: Int64?
  let start: RunStart?
  let tensors: [TensorDescription]
  let lastEpoch: Int?
  let records: [EpochRecord]
  let ending: RunEnding?

  /// Writes everything; the transaction has begun.
  func write(to db: Database) throws -> Result {
    let run = try begin(db)
    var insertion = try EpochInsertion(db, run: run, tensors: tensors)
    var last = lastEpoch
    for record in records {
      if let last {
        precondition(record.epoch == last + 1, "epoch \(record.epoch) follows epoch \(last)")
      }
      last = record.epoch
      try insertion.insert(record)
    }
    if let first = records.first?.epoch, let last { try advance(db, run, over: first...last) }
    if let whole = ending?.whole {
      precondition(whole.epoch == last, "epoch \(whole.epoch) is not the last")
      try insertion.complete(whole)
    }
    if let ending { try end(db, run, ending, after: last) }
    return Result(run: run, lastEpoch: last)
  }

  /// Whether the database holds what this transaction wrote, byte for byte.
  func isStored(in db: Database, as run: Int64) throws -> Bool {
    if case .new(_, let uuid) = start {
      let stored: String? = try db.value(
        "uuid", of: "run", "run \(run)", "SELECT uuid FROM run WHERE id = ?", [run])
      guard stored == uuid else { return false }
    }
    // What completes the last epoch takes its place.
    let whole = ending?.whole
    for record in records.filter({ $0.epoch != whole?.epoch }) + (whole.map { [$0] } ?? []) {
      guard
        try EpochReader(db: db, run: run, tensors: tensors, epoch: record.epoch)
          .equals(record)
      else { return false }
    }
    let outcome: String? = try db.value(
      "outcome", of: "run", "run \(run)", "SELECT outcome FROM run WHERE id = ?", [run])
    return outcome == ending?.outcome.rawValue
  }

  private func begin(_ db: Database) throws -> Int64 {
    switch start {
    case .new(let description, let uuid):
      return try RunInsertion(
        db: db, uuid: uuid, description: description, firstWeights: records.first?.weights
      ).insert()
    case .resumed(let run, _, let epoch, _, let change):
      try reopen(db, run, after: epoch, change)
      return run
    case nil:
      guard let run else { preconditionFailure("a run without a start") }
      try Lease.renew(run, db)
      guard db.changesCount == 1 else { throw LabError.deletedMeanwhile(run, path) }
      return run
    }
  }

  /// Drops the epochs after `epoch` and opens the run again.
  private func reopen(
    _ db: Database, _ run: Int64, after epoch: Int, _ change: RunChange
  ) throws {
    let arguments: StatementArguments = [
      "run": run, "config": change.config?.text, "config_hash": change.config?.hash,
    ]
    try db.executeCached(
      sql: "DELETE FROM epoch WHERE run_id = ? AND epoch > ?", arguments: [run, epoch])
    // They are the result's, and there is none until the run ends again.
    try db.executeCached(
      sql: "DELETE FROM recording WHERE run_id = ? AND part = 'predictions' AND name = 'test'",
      arguments: [run])
    try db.executeCached(
      sql: """
        UPDATE run SET outcome = NULL, message = NULL, finished_at = NULL, result_epoch = NULL,
          test_loss = NULL, test_accuracy = NULL, config = coalesce(:config, config),
          config_hash = coalesce(:config_hash, config_hash)
        WHERE id = :run
        """, arguments: arguments)
    try db.executeCached(
      sql: """
        UPDATE progress SET alive_until = :alive_until,
          last_epoch = e.epoch, last_loss = e.loss, last_accuracy = e.accuracy,
          last_val_loss = e.val_loss, last_val_accuracy = e.val_accuracy,
          (best_epoch, best_loss, best_accuracy, best_val_loss, best_val_accuracy) = (
            SELECT b.epoch, b.loss, b.accuracy, b.val_loss, b.val_accuracy FROM epoch AS b
            WHERE b.run_id = progress.run_id AND b.epoch > 0 AND coalesce(b.val_loss, b.loss) IS NOT NULL
            ORDER BY coalesce(b.val_loss, b.loss), b.epoch LIMIT 1),
          seconds = (SELECT sum(s.seconds) FROM epoch AS s WHERE s.run_id = progress.run_id)
        FROM epoch AS e WHERE progress.run_id = :run AND e.run_id = :run AND e.epoch = :epoch
        """, arguments: ["run": run, "epoch": epoch, "alive_until": Lease.end])
    guard db.changesCount == 1 else { throw LabError.deletedMeanwhile(run, path) }
  }

  /// Keeps the run's last and best values, and its seconds, after epochs were added.
  private func advance(_ db: Database, _ run: Int64, over epochs: ClosedRange<Int>) throws {
    let arguments: StatementArguments = [
      "run": run, "first": epochs.lowerBound, "last": epochs.upperBound,
    ]
    try db.executeCached(
      sql: """
        UPDATE progress SET
          (last_epoch, last_loss, last_accuracy, last_val_loss, last_val_accuracy) = (
            SELECT epoch, loss, accuracy, val_loss, val_accuracy FROM epoch
            WHERE run_id = :run AND epoch = :last),
          seconds = seconds + (
            SELECT total(e.seconds) FROM epoch AS e
            WHERE e.run_id = :run AND e.epoch BETWEEN :first AND :last)
        WHERE run_id = :run
        """, arguments: arguments)
    // Only a lower loss makes a better epoch: of equals the earliest stays.
    try db.executeCached(
      sql: """
        UPDATE progress SET best_epoch = b.epoch, best_loss = b.loss, best_accuracy = b.accuracy,
          best_val_loss = b.val_loss, best_val_accuracy = b.val_accuracy
        FROM (
          SELECT epoch, loss, accuracy, val_loss, val_accuracy FROM epoch
          WHERE run_id = :run AND epoch BETWEEN max(:first, 1) AND :last
            AND coalesce(val_loss, loss) IS NOT NULL
          ORDER BY coalesce(val_loss, loss), epoch LIMIT 1) AS b
        WHERE run_id = :run AND coalesce(b.val_loss, b.loss)
          < coalesce(progress.best_val_loss, progress.best_loss, 9e999)
        """, arguments: arguments)
  }

  /// Adds what was measured last, and ends the run after its last epoch.
  private func end(
    _ db: Database, _ run: Int64, _ ending: RunEnding, after last: Int?
  ) throws {
    for epoch in ending.result.measured {
      for metric in epoch.metrics {
        // A training that went on and ended again has measured some epochs before, to the same bits.
        try db.executeCached(
          sql: """
            INSERT INTO metric (run_id, epoch, split, name, value) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
          arguments: [run, epoch.epoch, metric.split.rawValue, metric.name, metric.value])
      }
    }
    if let test = ending.result.test, let epoch = ending.result.epoch ?? last {
      try RunInsertion.insert(test, of: run, at: epoch, db)
    }
    let arguments: StatementArguments = [
      "run": run, "outcome": ending.outcome.rawValue, "message": ending.message,
      "date": ending.date.timeIntervalSince1970, "result": ending.result.epoch,
      "measured": ending.result.epoch ?? last,
    ]
    try db.executeCached(
      sql: """
        UPDATE run SET outcome = :outcome, message = :message,
          finished_at = \(EpochInsertion.timestamp(of: ":date")), result_epoch = :result,
          test_loss = (SELECT value FROM metric WHERE run_id = :run AND split = 'test'
            AND epoch = :measured AND name = 'loss'),
          test_accuracy = (SELECT value FROM metric WHERE run_id = :run AND split = 'test'
            AND epoch = :measured AND name = 'accuracy')
        WHERE id = :run
        """, arguments: arguments)
    try Lease.end(run, db)
  }
}

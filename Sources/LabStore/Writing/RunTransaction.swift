import Foundation
import GRDB

/// All that one transaction of a writer does: it starts the run, adds epochs, ends the run.
struct RunTransaction {
  /// Where the run stands afterwards.
  struct Result {
    let run: Int64
    let lastEpoch: Int?
    let totalSeconds: Double
  }

  let run: Int64?
  let start: RunStart?
  let tensors: [TensorDescription]
  let lastEpoch: Int?
  let totalSeconds: Double
  let records: [EpochRecord]
  let ending: RunEnding?

  /// Writes everything; the transaction has begun.
  func write(to db: Database) throws -> Result {
    let aliveUntil = Lease.end
    var seconds = totalSeconds
    let run = try begin(db, aliveUntil, &seconds)
    var last = lastEpoch
    for record in records {
      if let last {
        precondition(record.epoch == last + 1, "epoch \(record.epoch) follows epoch \(last)")
      }
      last = record.epoch
      seconds += record.seconds
      try EpochInsertion(db: db, run: run, tensors: tensors, record: record)
        .insert(totalSeconds: seconds)
    }
    if start == nil {
      try db.cachedStatement(sql: "UPDATE run SET alive_until = ? WHERE id = ?")
        .execute(arguments: [aliveUntil, run])
    }
    if case .finished(let outcome, let message, let date) = ending {
      try db.execute(
        sql: """
          UPDATE run SET outcome = ?, message = ?, finished_at = \(EpochInsertion.timestamp),
            alive_until = NULL WHERE id = ?
          """,
        arguments: [outcome.rawValue, message, date.timeIntervalSince1970, run])
    }
    return Result(run: run, lastEpoch: last, totalSeconds: seconds)
  }

  /// Whether the database holds what this transaction wrote, byte for byte.
  func isStored(in db: Database, as run: Int64) throws -> Bool {
    if case .new(_, let uuid) = start {
      let stored = try String.fetchOne(
        db, sql: "SELECT uuid FROM run WHERE id = ?", arguments: [run])
      guard stored == uuid else { return false }
    }
    for record in records {
      guard
        try StoredEpoch(db: db, run: run, tensors: tensors, epoch: record.epoch)
          .equals(record)
      else { return false }
    }
    let outcome = try String.fetchOne(
      db, sql: "SELECT outcome FROM run WHERE id = ?", arguments: [run])
    guard case .finished(let expected, _, _) = ending else { return outcome == nil }
    return outcome == expected.rawValue
  }

  private func begin(
    _ db: Database, _ aliveUntil: Int64, _ seconds: inout Double
  ) throws -> Int64 {
    switch start {
    case .new(let description, let uuid):
      return try RunInsertion(db: db, uuid: uuid, description: description)
        .insert(aliveUntil: aliveUntil)
    case .resumed(let run, _, let epoch, _, let change):
      seconds = try reopen(db, run, after: epoch, change, aliveUntil)
      return run
    case nil:
      guard let run else { preconditionFailure("a run without a start") }
      return run
    }
  }

  /// Drops the epochs after `epoch` and opens the run again; returns its seconds up to there.
  private func reopen(
    _ db: Database, _ run: Int64, after epoch: Int, _ change: RunChange, _ aliveUntil: Int64
  ) throws -> Double {
    try db.execute(
      sql: "DELETE FROM epoch WHERE run_id = ? AND epoch > ?", arguments: [run, epoch])
    try db.execute(
      sql: """
        UPDATE run SET outcome = NULL, message = NULL, finished_at = NULL, alive_until = ?,
          config = coalesce(?, config), config_hash = coalesce(?, config_hash)
        WHERE id = ?
        """,
      arguments: [aliveUntil, change.config?.text, change.config?.hash, run])
    return try Double.fetchOne(
      db, sql: "SELECT total_seconds FROM epoch WHERE run_id = ? AND epoch = ?",
      arguments: [run, epoch]) ?? 0
  }
}

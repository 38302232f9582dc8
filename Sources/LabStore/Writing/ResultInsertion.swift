import Foundation
import GRDB

/// Stores how a run ended and what came of it; the transaction has begun.
struct ResultInsertion {
  let db: Database
  let run: Int64

  /// Adds what was measured last, and ends the run.
  func insert(_ outcome: RunOutcome, message: String?, _ result: RunResult, at date: Date) throws {
    for epoch in result.measured {
      for metric in epoch.metrics {
        // A training that went on and ended again has measured some epochs before, to the same bits.
        try db.execute(
          sql: """
            INSERT INTO metric (run_id, epoch, split, name, value) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
          arguments: [run, epoch.epoch, metric.split.rawValue, metric.name, metric.value])
      }
    }
    let arguments: StatementArguments = [
      "run": run, "outcome": outcome.rawValue, "message": message,
      "date": date.timeIntervalSince1970, "result": result.epoch,
    ]
    try db.execute(
      sql: """
        UPDATE run SET outcome = :outcome, message = :message, alive_until = NULL,
          finished_at = \(EpochInsertion.timestamp(of: ":date")), result_epoch = :result,
          test_loss = (SELECT value FROM metric WHERE run_id = :run AND split = 'test'
            AND epoch = coalesce(:result, run.last_epoch) AND name = 'loss'),
          test_accuracy = (SELECT value FROM metric WHERE run_id = :run AND split = 'test'
            AND epoch = coalesce(:result, run.last_epoch) AND name = 'accuracy')
        WHERE id = :run
        """, arguments: arguments)
  }
}

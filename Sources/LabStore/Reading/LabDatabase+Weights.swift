package import Foundation
import GRDB

/// What an epoch may have stored.
package enum StoredPart: Sendable {
  /// The weights.
  case weights
  /// Gates and states of some samples.
  case activations
  /// Weights and optimizer state: all that a resume needs.
  case resumable
}

extension LabDatabase {
  /// The epochs of a run that stored a part, in order.
  package func epochs(of run: Int64, storing part: StoredPart) throws -> [Int] {
    try read { try Self.epochs(of: run, storing: part, $0) }
  }

  static func epochs(of run: Int64, storing part: StoredPart, _ db: Database) throws -> [Int] {
    let sql =
      switch part {
      case .weights:
        "SELECT epoch FROM recording WHERE run_id = ? AND part = 'weights' ORDER BY epoch"
      case .activations:
        """
        SELECT DISTINCT epoch FROM recording WHERE run_id = ? AND part = 'activations'
        ORDER BY epoch
        """
      case .resumable: "SELECT epoch FROM epoch WHERE run_id = ? AND resumable = 1 ORDER BY epoch"
      }
    return try db.values("epoch", of: "epoch", "run \(run)", sql, [run])
  }

  /// The history of one weight: every epoch that stored it, in order, with its four bytes.
  ///
  /// `tensor` counts the run's tensors in canonical order.
  package func history(
    of run: Int64, tensor: Int, row: Int, col: Int
  ) throws -> [(epoch: Int, bytes: Data)] {
    try read { db in
      let sql = """
        SELECT s.epoch AS epoch,
          substr(v.data, 1 + 4 * (
            t.first_value + :row % t.piece_rows * t.cols + :col % t.piece_cols), 4) AS data
        FROM tensor AS t
        CROSS JOIN recording AS s ON s.run_id = t.run_id AND s.part = 'weights' AND s.name = ''
        CROSS JOIN vector AS v
          ON v.id = s.first_vector + t.first_vector + :row / t.piece_rows * t.pieces
            + :col / t.piece_cols
        WHERE t.run_id = :run AND t.position = :tensor
        ORDER BY s.epoch
        """
      return try db.rows(
        of: "vector", "run \(run)", sql, ["run": run, "tensor": tensor, "row": row, "col": col]
      ) { row in
        let bytes: Data = try row["data"]
        guard bytes.count == 4 else { throw row.damaged("data", "not a float32") }
        return (epoch: try row["epoch"], bytes: bytes)
      }
    }
  }

  /// Reads every weight of the epochs 1 to `last` through the view `weights` and counts them.
  package func countWeights(throughEpoch last: Int) throws -> Int {
    try read { db in
      let sql = "SELECT count(value), sum(value) FROM weights WHERE epoch BETWEEN 1 AND ?"
      return try db.value("count(value)", of: "weights", "all runs", sql, [last]) ?? 0
    }
  }

  /// The history of one weight as the view `weights` tells it, without what is not a number.
  package func viewedHistory(
    of run: Int64, layer: String, tensor: String, row: Int, col: Int
  ) throws -> [(epoch: Int, value: Double)] {
    let sql = """
      SELECT epoch, value FROM weights WHERE run_id = ? AND layer = ? AND tensor = ?
        AND row = ? AND col = ? AND value IS NOT NULL ORDER BY epoch
      """
    return try read { db in
      try db.rows(of: "weights", "run \(run)", sql, [run, layer, tensor, row, col]) {
        try (epoch: $0["epoch"], value: $0["value"])
      }
    }
  }
}

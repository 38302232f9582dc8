import Testing

extension Workplace {
  /// Everything that a database holds of a run but times: every number to the bit, every vector
  /// as raw bytes, read from the tables with the stock shell.
  /// - Parameter epoch: Epochs up to this one are left out.
  func bits(of run: String, after epoch: Int = -1, database: String = "lab.db") throws -> String {
    try sqlite(
      """
      SELECT 'run', epochs, best_epoch, parameters, seed, config_hash, data_hash,
        \(Self.exact("loss", "accuracy", "val_loss", "val_accuracy"))
      FROM runs WHERE run_id = \(run) AND \(epoch) < 0;
      SELECT 'epoch', epoch, \(Self.exact("learning_rate", "loss", "accuracy", "val_loss")),
        \(Self.exact("val_accuracy")), hex(hash), resumable, state
      FROM epoch WHERE run_id = \(run) AND epoch > \(epoch) ORDER BY epoch;
      SELECT 'vector', r.epoch, r.part, r.name, v.id - r.first_vector, hex(v.data)
      FROM recording AS r
      JOIN vector AS v ON v.id >= r.first_vector AND v.id < r.first_vector + r.vectors
      WHERE r.run_id = \(run) AND r.epoch > \(epoch) ORDER BY r.epoch, r.part, r.name, v.id;
      SELECT 'metric', epoch, split, name, \(Self.exact("value"))
      FROM metric WHERE run_id = \(run) AND epoch > \(epoch) ORDER BY epoch, split, name;
      SELECT 'gate', epoch, layer, gate, \(Self.exact("weight_norm", "update_norm", "gradient_norm"))
      FROM gate_stat WHERE run_id = \(run) AND epoch > \(epoch) ORDER BY epoch, position;
      """, database: database)
  }

  /// The hash chain of a run, an epoch a line.
  func hashes(of run: String, database: String = "lab.db") throws -> [Substring] {
    try sqlite(
      "SELECT epoch, weights_hash FROM epochs WHERE run_id = \(run) ORDER BY epoch",
      database: database
    ).split(separator: "\n")
  }

  /// Changes one bit of a stored BLOB with the stock shell.
  ///
  /// - Parameters:
  ///   - bit: Counted from the first byte's lowest; from the end where it is negative.
  ///   - row: The row of a table with the column `data`: `vector WHERE id = 3`.
  func flip(_ bit: Int, of row: String, database: String = "lab.db") throws {
    var hex = Array(try sqlite("SELECT hex(data) FROM \(row)", database: database))
    let bit = bit < 0 ? 4 * hex.count + bit : bit
    let digit = bit / 8 * 2 + (bit % 8 < 4 ? 1 : 0)
    let old = try #require(hex[digit].hexDigitValue)
    hex[digit] = Character(String(old ^ 1 << (bit % 4), radix: 16))
    let change = "UPDATE vector SET data = x'\(String(hex))'"
    let changed = try sqlite(
      row.replacing("vector WHERE", with: "\(change) WHERE") + "; SELECT changes()",
      database: database)
    try #require(changed == "1")
  }

  /// The hash of a run's last epoch.
  func lastHash(of run: String, database: String = "lab.db") throws -> String {
    let last = try #require(try hashes(of: run, database: database).last)
    return String(last.suffix(64))
  }

  /// Seventeen digits tell every double apart.
  private static func exact(_ columns: String...) -> String {
    columns.map { "printf('%!.17g', \($0))" }.joined(separator: ", ")
  }
}

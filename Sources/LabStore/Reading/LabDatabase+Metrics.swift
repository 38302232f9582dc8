import GRDB

extension LabDatabase {
  /// The losses and metrics of every epoch of a run that stored some; those that are not numbers are
  /// left out.
  package func metrics(of run: Int64) throws -> [Int: [MetricValue]] {
    // Not reports/metrics.sql, which looks at every run's epochs.
    let sql = """
      SELECT epoch, split, name, value FROM metrics WHERE run_id = ?
      ORDER BY epoch, CASE split WHEN 'train' THEN 0 WHEN 'validation' THEN 1 ELSE 2 END,
        name <> 'loss', name
      """
    return try read { db in
      var epochs: [Int: [MetricValue]] = [:]
      _ = try db.rows(of: "metrics", "run \(run)", sql, [run]) { row in
        guard let metric = try MetricValue(row) else { return }
        epochs[try row["epoch"], default: []].append(metric)
      }
      return epochs
    }
  }

  /// The losses and metrics that an epoch of a run stored.
  package func metrics(of run: Int64, at epoch: Int) throws -> [MetricValue] {
    try metrics(of: run)[epoch] ?? []
  }

  /// The metrics of each run's last epoch that the view `runs` has no column for, run after run.
  ///
  /// - Parameter runs: The only runs to take; nil for all.
  package func lastMetrics(
    of runs: [Int64]? = nil
  ) throws -> [(run: Int64, metric: MetricValue)] {
    let sql = """
      SELECT m.run_id AS run_id, m.split AS split, m.name AS name, m.value AS value
      FROM progress AS p
      CROSS JOIN metric AS m ON m.run_id = p.run_id AND m.epoch = p.last_epoch
      WHERE EXISTS (SELECT 1 FROM metric)  -- else no run needs to be looked at
        \(runs == nil ? "" : "AND p.run_id IN (SELECT value FROM json_each(?))")
      ORDER BY m.run_id, CASE m.split WHEN 'train' THEN 0 WHEN 'validation' THEN 1 ELSE 2 END,
        m.name
      """
    return try read { db in
      let arguments = runs.map { StatementArguments([Self.list($0)]) } ?? []
      return try db.rows(of: "metric", "a run", sql, arguments) { row in
        (run: try row["run_id"], metric: try MetricValue(row))
      }.compactMap { run, metric in metric.map { (run: run, metric: $0) } }
    }
  }

  /// One metric of a run, epoch by epoch, without the epochs that have none: `epoch`, `value`.
  package func curve(
    of run: Int64, _ name: String, in split: DataSplit
  ) throws -> [(epoch: Int, value: Double)] {
    let sql = """
      SELECT epoch, value FROM metrics
      WHERE run_id = ? AND split = ? AND name = ? AND value IS NOT NULL ORDER BY epoch
      """
    return try read { db in
      try db.rows(of: "metrics", "run \(run)", sql, [run, split.rawValue, name]) {
        try (epoch: $0["epoch"], value: $0["value"])
      }
    }
  }

  /// The norms of each gate of a run, epoch by epoch, in the order of layers and gates; NaN where a
  /// weight's norm is not a number.
  package func gateStats(of run: Int64) throws -> [(epoch: Int, stat: GateStat)] {
    // Not reports/gate_stats.sql, which looks at every run's epochs; the order is that of the key.
    let sql = """
      SELECT
        epoch, layer,
        CASE
          WHEN direction IS NULL THEN gate WHEN gate IS NULL THEN direction
          ELSE direction || '/' || gate
        END AS gate,
        weight_norm, update_norm, gradient_norm
      FROM gate_stats WHERE run_id = ?
      """
    return try read { db in
      try db.rows(of: "gate_stats", "run \(run)", sql, [run]) { row in
        let gate: String? = try row["gate"]
        let stat = GateStat(
          layer: try row["layer"], part: gate.map(LayerPart.init) ?? LayerPart(nil, nil),
          weightNorm: try row["weight_norm"] ?? .nan, updateNorm: try row["update_norm"],
          gradientNorm: try row["gradient_norm"])
        return (epoch: try row["epoch"], stat: stat)
      }
    }
  }
}

extension MetricValue {
  /// Reads the columns `split`, `name` and `value`; nil where the value is not a number.
  init?(_ row: StoredRow) throws {
    guard let value: Double = try row["value"] else { return nil }
    self.init(try row["split"], try row["name"], value)
  }
}

import GRDB

/// Asks for the run with the best value of a metric in any epoch after the start.
struct BestRunQuestion {
  /// Every metric there is, by the names the question takes.
  static let names = """
    SELECT DISTINCT CASE split WHEN 'train' THEN '' WHEN 'validation' THEN 'val_' ELSE 'test_' END
      || name AS name FROM metrics ORDER BY name
    """

  let sql: String
  let arguments: StatementArguments

  /// An accuracy is best at its highest, all else at its lowest; the earliest run of equals wins.
  init(metric: String?) {
    guard let metric else {
      sql = """
        SELECT id FROM run WHERE best_epoch IS NOT NULL
        ORDER BY coalesce(best_val_loss, best_loss), id LIMIT 1
        """
      arguments = []
      return
    }
    let (split, name) = Self.parts(metric)
    let order = name.hasSuffix("accuracy") ? "DESC" : "ASC"
    sql = """
      SELECT run_id FROM metrics
      WHERE epoch > 0 AND split = ? AND name = ? AND value IS NOT NULL
      ORDER BY value \(order), run_id LIMIT 1
      """
    arguments = [split.rawValue, name]
  }

  private static func parts(_ metric: String) -> (DataSplit, String) {
    if metric.hasPrefix("val_") { return (.validation, String(metric.dropFirst(4))) }
    if metric.hasPrefix("test_") { return (.test, String(metric.dropFirst(5))) }
    return (.train, metric)
  }
}

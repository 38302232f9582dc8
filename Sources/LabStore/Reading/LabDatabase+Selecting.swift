import GRDB
import LabFormats

extension LabDatabase {
  /// The id of the run a reference names.
  package func find(_ reference: RunReference) throws -> Int64 {
    try read { db in
      switch reference.selector {
      case .last:
        guard let run = try Int64.fetchOne(db, sql: "SELECT max(id) FROM run") else {
          throw noRuns()
        }
        return run
      case .best(let metric): return try best(metric, db)
      case .named(let name): return try named(name, db)
      }
    }
  }

  /// The epoch a reference names; unless it names one, that of the run's result, or the last one.
  package func epoch(of reference: RunReference, in run: Int64) throws -> Int {
    try read { db in
      let epoch = try Int.fetchOne(
        db,
        sql: """
          SELECT max(epoch) FROM epoch WHERE run_id = :run AND epoch = coalesce(
            :epoch, (SELECT result_epoch FROM run WHERE id = :run), epoch)
          """, arguments: ["run": run, "epoch": reference.epoch])
      if let epoch { return epoch }
      let last = try Int.fetchOne(
        db, sql: "SELECT max(epoch) FROM epoch WHERE run_id = ?", arguments: [run])
      throw LabError(
        .notFound, "run \(run) has no epoch \(reference.epoch ?? 0)", where: path,
        next: "its last one is \(last ?? 0); list them with: lstm-lab show \(run)")
    }
  }

  /// An id comes before a name, and a name before the beginning of a uuid.
  private func named(_ name: String, _ db: Database) throws -> Int64 {
    let questions = [
      "SELECT id FROM run WHERE CAST(id AS TEXT) = :name",
      "SELECT id FROM run WHERE name = :name ORDER BY id",
      """
      SELECT id FROM run WHERE length(:name) >= 4 AND substr(uuid, 1, length(:name)) = lower(:name)
      ORDER BY id
      """,
    ]
    for question in questions {
      let found = try Int64.fetchAll(db, sql: question, arguments: ["name": name])
      if found.count == 1 { return found[0] }
      if found.count > 1 { throw ambiguous(name, found) }
    }
    throw try unknown(name, db)
  }

  private func best(_ metric: String?, _ db: Database) throws -> Int64 {
    let question = BestRunQuestion(metric: metric)
    if let run = try Int64.fetchOne(db, sql: question.sql, arguments: question.arguments) {
      return run
    }
    if try Int.fetchOne(db, sql: "SELECT count(*) FROM run") == 0 { throw noRuns() }
    let names = try Row.fetchAll(db, sql: "SELECT DISTINCT split, name FROM metrics").map { row in
      (DataSplit(rawValue: row["split"])?.prefix ?? "") + row["name"]
    }.sorted()
    throw LabError(
      .notFound, "no run has recorded \(metric ?? "a loss")", where: path,
      next: "recorded are: \(names.joined(separator: ", "))")
  }

  private func noRuns() -> LabError {
    LabError(
      .notFound, "the database has no runs", where: path,
      next: "record one with: lstm-lab run CONFIG")
  }

  private func ambiguous(_ name: String, _ runs: [Int64]) -> LabError {
    let shown = runs.suffix(8).map(String.init).joined(separator: ", ")
    return LabError(
      .notFound, "\(runs.count) runs are called \(name)", where: path,
      next: "name one by its id: \(runs.count > 8 ? "…, " : "")\(shown); @last is the newest run")
  }

  private func uuid(startingWith name: String, _ db: Database) throws -> String? {
    try String.fetchOne(
      db,
      sql: "SELECT uuid FROM run WHERE substr(uuid, 1, length(:name)) = lower(:name) ORDER BY id",
      arguments: ["name": name])
  }

  private func unknown(_ name: String, _ db: Database) throws -> LabError {
    let known = try String.fetchAll(
      db, sql: "SELECT name FROM run GROUP BY name ORDER BY max(id) DESC LIMIT 1000")
    if name.count < 4, let uuid = try uuid(startingWith: name, db) {
      return LabError(
        .notFound, "there is no run \(name)", where: path,
        next: "the beginning of a uuid needs at least 4 characters: \(uuid.prefix(4))")
    }
    let near = NearestNames.of(name, among: known)
    let hint = near.isEmpty ? "" : "did you mean \(near.joined(separator: ", "))? "
    return LabError(
      .notFound, "there is no run \(name)", where: path,
      next: "\(hint)list the runs with: lstm-lab runs")
  }
}

/// Asks for the run with the best value of a metric in any epoch after the start.
private struct BestRunQuestion {
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
    let (split, name) = DataSplit.parts(ofMetric: metric)
    let order = name.hasSuffix("accuracy") ? "DESC" : "ASC"
    sql = """
      SELECT run_id FROM metrics
      WHERE epoch > 0 AND split = ? AND name = ? AND value IS NOT NULL
      ORDER BY value \(order), run_id LIMIT 1
      """
    arguments = [split.rawValue, name]
  }
}

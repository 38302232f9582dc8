import GRDB
import LabFormats

/// Copies runs from the attached database `shard` with everything that is stored of them; the transaction
/// has begun, and foreign keys are off.
struct RunCopy {
  /// Tables of a run's rows that are copied as they are.
  private static let tables = [
    "setting", "tensor", "slot", "epoch", "metric", "gate_stat", "activation", "data_part", "class",
    "feature", "target",
  ]

  private let db: Database
  /// The statements that copy the rows of one run, of each table.
  private let statements: [String]
  private let columns: [String]
  private let progressColumns: [String]

  init(_ db: Database) throws {
    self.db = db
    statements = try Self.tables.map { table in
      let columns = try Self.columns(of: table, db).filter { $0 != "run_id" }
      return """
        INSERT INTO main.\(table) (run_id, \(columns.joined(separator: ", ")))
        SELECT :here, \(columns.joined(separator: ", ")) FROM shard.\(table)
        WHERE run_id = :there ON CONFLICT DO NOTHING
        """
    }
    columns = try Self.columns(of: "run", db).filter { !["id", "parent_run_id"].contains($0) }
    progressColumns = try Self.columns(of: "progress", db)
      .filter { !["run_id", "alive_until"].contains($0) }
  }

  private static func columns(of table: String, _ db: Database) throws -> [String] {
    try String.fetchAll(
      db, sql: "SELECT name FROM pragma_table_info(?, 'main')", arguments: [table])
  }

  /// Copies a run that is not here; returns its number here.
  func add(_ there: Int64) throws -> Int64 {
    let here = try (Int64.fetchOne(db, sql: "SELECT max(id) FROM main.run") ?? 0) + 1
    try copyRows(of: there, to: here)
    try copyVectors(of: there, to: here)
    try execute(
      """
      INSERT INTO main.sweep SELECT * FROM shard.sweep
      WHERE name = (SELECT sweep FROM shard.run WHERE id = ?) ON CONFLICT DO NOTHING
      """, [there])
    let list = columns.joined(separator: ", ")
    try execute(
      """
      INSERT INTO main.run (id, \(list)) SELECT ?, \(list) FROM shard.run WHERE id = ?
      """, [here, there])
    let progress = progressColumns.joined(separator: ", ")
    try execute(
      """
      INSERT INTO main.progress (run_id, \(progress))
      SELECT ?, \(progress) FROM shard.progress WHERE run_id = ?
      """, [here, there])
    return here
  }

  /// Copies what a run has elsewhere and not here: later epochs, how it ended, what came of it.
  func extend(_ here: Int64, from there: Int64) throws {
    try copyRows(of: there, to: here)
    try copyVectors(of: there, to: here)
    let kept = ["uuid", "name", "tags", "notes", "created_at", "parent_uuid", "parent_epoch"]
    let changing = columns.filter { !kept.contains($0) }
    let list = changing.joined(separator: ", ")
    try execute(
      """
      UPDATE main.run SET (\(list)) = (SELECT \(list) FROM shard.run AS s WHERE s.id = ?)
      WHERE id = ?
      """, [there, here])
    let progress = progressColumns.joined(separator: ", ")
    try execute(
      """
      UPDATE main.progress SET alive_until = NULL,
        (\(progress)) = (SELECT \(progress) FROM shard.progress AS s WHERE s.run_id = ?)
      WHERE run_id = ?
      """, [there, here])
  }

  /// Does what is left when all runs are here: finds each fork's parent, and the
  /// numbers that the views need.
  func finish() throws {
    try execute(
      """
      UPDATE main.run SET parent_run_id = (
          SELECT p.id FROM main.run AS p WHERE p.uuid = main.run.parent_uuid)
      WHERE parent_uuid IS NOT NULL AND parent_run_id IS NULL
      """)
    try execute(
      """
      INSERT INTO main.number SELECT n FROM shard.number
      WHERE n > (SELECT max(n) FROM main.number)
      """)
  }

  private func copyRows(of there: Int64, to here: Int64) throws {
    for statement in statements { try execute(statement, ["here": here, "there": there]) }
  }

  /// Copies the vectors that are not here, numbered on from the last, with the rows that name them.
  private func copyVectors(of there: Int64, to here: Int64) throws {
    var next = try VectorWriter.next(in: db)
    for range in try ranges(of: there, missingIn: here) {
      let arguments: StatementArguments = [
        "here": here, "there": there, "first": range.lowerBound, "end": range.upperBound,
        "offset": next - range.lowerBound,
      ]
      try execute(
        """
        INSERT INTO main.vector SELECT id + :offset, data FROM shard.vector
        WHERE id >= :first AND id < :end ORDER BY id
        """, arguments)
      guard db.changesCount == range.count else {
        throw DamagedCell(
          column: "recording.first_vector", place: "run \(there)",
          what:
            "\(range.lowerBound), and of \(range.count) vectors from there \(db.changesCount) are there"
        )
      }
      next += Int64(range.count)
      let isHere = "run_id = :there AND first_vector >= :first AND first_vector < :end"
      try execute(
        """
        INSERT INTO main.recording (run_id, epoch, part, name, first_vector, vectors)
        SELECT :here, epoch, part, name, first_vector + :offset, vectors FROM shard.recording
        WHERE \(isHere)
        """, arguments)
      try execute(
        """
        INSERT INTO main.split (run_id, split, samples, outputs, first_vector, vectors)
        SELECT :here, split, samples, outputs, first_vector + :offset, vectors FROM shard.split
        WHERE \(isHere)
        """, arguments)
    }
  }

  /// The vectors of a run that are not here: as few ranges as there are, one for a run that nobody else
  /// wrote beside.
  private func ranges(of there: Int64, missingIn here: Int64) throws -> [Range<Int64>] {
    let parts = try db.rows(
      of: "recording", "run \(there)",
      """
      SELECT first_vector, vectors FROM shard.recording AS s WHERE run_id = :there
        AND NOT EXISTS (SELECT 1 FROM main.recording AS m WHERE m.run_id = :here
          AND m.epoch = s.epoch AND m.part = s.part AND m.name = s.name)
      UNION ALL
      SELECT first_vector, vectors FROM shard.split AS s WHERE run_id = :there
        AND NOT EXISTS (SELECT 1 FROM main.split AS m WHERE m.run_id = :here
          AND m.split = s.split)
      ORDER BY first_vector
      """, ["there": there, "here": here]
    ) { row in (first: try row["first_vector"] as Int, count: try row["vectors"] as Int) }
    return parts.reduce(into: [Range<Int64>]()) { ranges, part in
      let range = Int64(part.first)..<Int64(part.first + part.count)
      if let last = ranges.last, last.upperBound == range.lowerBound {
        ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
      } else {
        ranges.append(range)
      }
    }
  }

  private func execute(_ sql: String, _ arguments: StatementArguments = []) throws {
    try db.cachedStatement(sql: sql).execute(arguments: arguments)
  }
}

import Foundation
import GRDB
import LabFormats
import LabReports

extension LabDatabase {
  /// One run whole.
  package func run(_ id: Int64) throws -> StoredRun {
    guard var run = try read({ try StoredRun.read(id, $0) }) else { throw missingRun(String(id)) }
    run.status = try settled(run.status, of: id)
    return run
  }

  /// The run with a unique name; nil where it is not here.
  package func run(uuid: String) throws -> StoredRun? {
    let id: Int64? = try read {
      try $0.value("id", of: "run", "a run", "SELECT id FROM run WHERE uuid = ?", [uuid])
    }
    return try id.map(run)
  }

  /// The numbers of all runs, in order.
  package func runNumbers() throws -> [Int64] {
    try read { try $0.values("id", of: "run", "a run", "SELECT id FROM run ORDER BY id", []) }
  }

  /// Lists runs: the report `reports/runs.sql`.
  package func runs(_ filter: RunFilter = RunFilter()) throws -> ReportTable {
    // The status is known for sure only below, so its filter and the limit come after it.
    let arguments: StatementArguments = [
      "status": nil, "name": filter.name, "tag": filter.tag, "sort": filter.sort,
      "descending": filter.isDescending, "limit": filter.status == nil ? filter.limit : nil,
    ]
    var table = try read { try report(Reports.runs, arguments, $0) }
    try settle(&table)
    guard let status = filter.status else { return table }
    table.rows = Array(
      table.rows.filter { $0[2] == .text(status) }.prefix(filter.limit ?? .max))
    return table
  }

  /// The number of runs.
  package func runCount() throws -> Int {
    try read {
      try $0.value("count", of: "run", "runs", "SELECT count(*) AS count FROM run", []) ?? 0
    }
  }

  /// Those of some numbers that runs have, in this order.
  package func runNumbers(among numbers: [Int64]) throws -> [Int64] {
    let sql = """
      SELECT r.id AS id FROM json_each(?) AS asked CROSS JOIN run AS r ON r.id = asked.value
      ORDER BY asked.key
      """
    return try read { try $0.values("id", of: "run", "a run", sql, [Self.list(numbers)]) }
  }

  /// Columns of the view `runs` of these runs, in this order; those that are not here are left out.
  ///
  /// - Parameter columns: Names of columns, of which `run_id`, `name` and `status` come first.
  package func rows(of runs: [Int64], columns: [String]) throws -> ReportTable {
    let sql = """
      SELECT \(columns.joined(separator: ", "))
      FROM json_each(?) AS asked CROSS JOIN runs ON run_id = asked.value ORDER BY asked.key
      """
    var table = try read { try report(sql, [Self.list(runs)], $0) }
    try settle(&table)
    return table
  }

  /// The ids of the runs that have all of some words in what is told of them, in the order of a column.
  ///
  /// - Parameters:
  ///   - words: In small letters; each is looked for in id, name, status, sweep, tags, notes and trainer.
  ///   - sort: One of `RunFilter.sortKeys`; nil: the id. Runs without a value come last.
  ///   - limit: At most so many, after as many as `offset` says.
  package func ids(
    having words: [String] = [], sort: String?, descending: Bool, offset: Int = 0,
    limit: Int? = nil
  ) throws -> [Int64] {
    let column = RunFilter.sortKeys.first { $0 == sort } ?? "run_id"
    let direction = descending ? " DESC" : ""
    // SQLite's own lower() knows the letters of ASCII alone, and is much faster.
    let lower =
      words.allSatisfy { $0.utf8.allSatisfy { $0 < 128 } } ? "lower" : "swiftLowercaseString"
    let told = """
      \(lower)(
        run_id || char(10) || name || char(10) || status || char(10) || tags || char(10)
          || coalesce(sweep, '') || char(10) || coalesce(notes, '') || char(10)
          || coalesce(trainer, ''))
      """
    let order = column == "run_id" ? "" : "\(column) IS NULL, \(column)\(direction), "
    let last = column == "run_id" ? direction : ""
    let sql = """
      SELECT run_id AS id FROM (SELECT *, \(words.isEmpty ? "NULL" : told) AS told FROM runs)
      WHERE true \(words.map { _ in "AND instr(told, ?)" }.joined(separator: " "))
      ORDER BY \(order)run_id\(last) LIMIT ? OFFSET ?
      """
    return try read { db in
      try db.values(
        "id", of: "run", "a run", sql, StatementArguments(words) + [limit ?? -1, offset])
    }
  }

  /// The fingerprints of the parts of a run's data, in the order of hashing.
  package func dataParts(of run: Int64) throws -> [DataDescription.Part] {
    try read { db in
      try db.rows(
        of: "data_part", "run \(run)",
        "SELECT part, hash FROM data_part WHERE run_id = ? ORDER BY position", [run]
      ) { try DataDescription.Part(name: $0["part"], hash: $0["hash"]) }
    }
  }

  /// The names of a run's classes in the order of their numbers; none where its targets are numbers.
  package func classes(of run: Int64) throws -> [String] {
    var known: Set<ExactText> = []
    return try numbered("class", "SELECT class, name FROM class", of: run) { row in
      let name: String = try row["name"]
      guard known.insert(ExactText(name)).inserted else {
        throw row.damaged("name", "two classes have it")
      }
      return name
    }
  }

  /// The outputs of a run that predicts numbers, with how their targets are scaled; none where they have
  /// neither names nor scales.
  package func targets(scaledIn run: Int64) throws -> [DataDescription.Target] {
    try numbered("output", "SELECT output, name, shift, scale FROM target", of: run) { row in
      let (shift, scale) = try row.scaling()
      return DataDescription.Target(name: try row["name"], shift: shift, scale: scale)
    }
  }

  /// The features of a run's data with their scales; none where they have neither names nor scales.
  package func features(of run: Int64) throws -> [DataDescription.Feature] {
    try numbered(
      "feature", "SELECT feature, name, category, shift, scale, fill FROM feature", of: run
    ) { row in
      let (shift, scale) = try row.scaling()
      let fill: Double? = try row["fill"]
      guard fill?.isFinite ?? true else { throw row.damaged("fill", "not finite") }
      return DataDescription.Feature(
        name: try row["name"], category: try row["category"], shift: shift, scale: scale,
        fill: fill)
    }
  }

  /// Returns what the rows of a run say that are numbered from 0 in the column `number`, none left out.
  ///
  /// - Parameter selection: The statement up to its conditions.
  private func numbered<Value>(
    _ number: String, _ selection: String, of run: Int64,
    _ value: (StoredRow) throws -> Value
  ) throws -> [Value] {
    try read { db in
      try db.rows(
        of: number, "run \(run)", "\(selection) WHERE run_id = ? ORDER BY \(number)", [run]
      ) { row in (number: try row[number] as Int, value: try value(row)) }
    }.enumerated().map { place, row in
      guard row.number == place else {
        throw LabError(
          .data, "\(number) \(place) of run \(run) is missing", where: path,
          next: LabError.adviceOnDamage(path))
      }
      return row.value
    }
  }

  /// Puts the status as it is into every row of a table whose columns begin with `run_id`, `name`
  /// and `status`.
  func settle(_ table: inout ReportTable) throws {
    for position in table.rows.indices {
      guard case .integer(let run) = table.rows[position][0],
        case .text(let status) = table.rows[position][2]
      else { continue }
      let settled = try settled(status, of: run)
      if settled != status { table.rows[position][2] = .text(settled) }
    }
  }

  /// The status as it is: a process that was killed a moment ago still has its lease, but no
  /// longer its lock; one that slept still has its lock, but no longer its lease; one that has
  /// just finished may have done so after the first look. Without a lock to look at, the lease
  /// decides.
  func settled(_ status: String, of run: Int64) throws -> String {
    guard ["running", "crashed"].contains(status), let isHeld = isBeingTrained(run) else {
      return status
    }
    if isHeld { return "running" }
    guard status == "running" else { return status }
    let outcome: String? = try read { db in
      try db.value(
        "outcome", of: "run", "run \(run)", "SELECT outcome FROM run WHERE id = ?", [run])
    }
    return outcome ?? "crashed"
  }
}

extension StoredRow {
  /// How numbers are scaled: a finite shift, and a scale above 0.
  fileprivate func scaling() throws -> (shift: Double, scale: Double) {
    let shift: Double = try self["shift"], scale: Double = try self["scale"]
    guard shift.isFinite else { throw damaged("shift", "not finite") }
    guard scale.isFinite, scale > 0 else { throw damaged("scale", "no scale") }
    return (shift, scale)
  }
}

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
    return try read { db in
      try db.rows(
        of: "class", "run \(run)",
        "SELECT class, name FROM class WHERE run_id = ? ORDER BY class", [run]
      ) { row in
        let name: String = try row["name"]
        guard known.insert(ExactText(name)).inserted else {
          throw row.damaged("name", "two classes have it")
        }
        return (number: try row["class"] as Int, name: name)
      }
    }.enumerated().map { place, row in
      guard row.number == place else { throw gap("class", place, of: run) }
      return row.name
    }
  }

  /// The outputs of a run that predicts numbers, with how their targets are scaled; none where they have
  /// neither names nor scales.
  package func targets(scaledIn run: Int64) throws -> [DataDescription.Target] {
    try read { db in
      try db.rows(
        of: "target", "run \(run)",
        "SELECT output, name, shift, scale FROM target WHERE run_id = ? ORDER BY output", [run]
      ) { row in
        let target = try DataDescription.Target(
          name: row["name"], shift: row["shift"], scale: row["scale"])
        guard target.shift.isFinite else { throw row.damaged("shift", "not finite") }
        guard target.scale.isFinite, target.scale > 0 else {
          throw row.damaged("scale", "no scale")
        }
        return (number: try row["output"] as Int, target: target)
      }
    }.enumerated().map { place, row in
      guard row.number == place else { throw gap("output", place, of: run) }
      return row.target
    }
  }

  /// The features of a run's data with their scales; none where they have neither names nor scales.
  package func features(of run: Int64) throws -> [DataDescription.Feature] {
    try read { db in
      try db.rows(
        of: "feature", "run \(run)",
        """
        SELECT feature, name, category, shift, scale, fill FROM feature
        WHERE run_id = ? ORDER BY feature
        """, [run]
      ) { row in
        let feature = try DataDescription.Feature(
          name: row["name"], category: row["category"], shift: row["shift"], scale: row["scale"],
          fill: row["fill"])
        guard feature.shift.isFinite else { throw row.damaged("shift", "not finite") }
        guard feature.fill?.isFinite ?? true else { throw row.damaged("fill", "not finite") }
        guard feature.scale.isFinite, feature.scale > 0 else {
          throw row.damaged("scale", "no scale")
        }
        return (number: try row["feature"] as Int, feature: feature)
      }
    }.enumerated().map { place, row in
      guard row.number == place else { throw gap("feature", place, of: run) }
      return row.feature
    }
  }

  /// The error of a row that is missing between others.
  private func gap(_ what: String, _ number: Int, of run: Int64) -> LabError {
    LabError(
      .data, "\(what) \(number) of run \(run) is missing", where: path,
      next: "the database was damaged or changed; restore a backup")
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

package import LabFormats
package import LabStore

/// Something that served pages are told without having asked.
package enum LabEvent: Equatable, Sendable {
  /// The database has changed: how far those runs are of which that is new, and which are gone.
  case runs([RunState], gone: [Int64])
  /// The database cannot be read any more.
  case lost(LabError)
  /// It can be read again, and may be another one.
  case found

  /// The event's name.
  package var name: String {
    switch self {
    case .runs: "runs"
    case .lost: "lost"
    case .found: "found"
    }
  }

  /// What it says, as JSON in one line.
  package var data: String {
    switch self {
    case .runs(let runs, let gone): Self.told(runs, gone: gone).compact
    case .lost(let error): error.served.compact
    case .found: "{}"
    }
  }

  /// What a page is told of how far runs are, in an event and where it asks.
  ///
  /// - Parameter newest: The number of the newest run, where that is told.
  static func told(_ runs: [RunState], gone: [Int64], newest: Int64? = nil) -> JSONText {
    .object([
      "newest": newest.map { .integer(Int($0)) },
      "runs": .array(
        runs.map { run in
          .object([
            "run": .integer(Int(run.run)), "status": .string(run.status),
            "epochs": .integer(run.epochs),
            "message": run.message.map { .string(Visible.line($0)) },
          ])
        }),
      "gone": .array(gone.map { .integer(Int($0)) }),
    ])
  }
}

/// Looks again and again whether a database has changed. It keeps the database open for that: only a
/// connection that stays knows that others have changed something.
package struct LaboratoryWatch: Sendable {
  private let path: String
  private var database: LabDatabase?
  private var version = 0
  private var looks = 0
  /// All runs, and the newest.
  private var present: Set<Int64> = []
  private var newest: Int64 = 0
  /// The runs that had not come to an end.
  private var living: [Int64: RunState] = [:]
  private var trouble: LabError?

  /// A process that was killed changes nothing in the database, so that every so many looks its lock is
  /// looked at, too.
  private static let looksBetween = 10

  /// Watches the database at a path; it need not be there yet.
  package init(path: String) { self.path = path }

  /// Returns what is new since the last look; the first look finds nothing new.
  package mutating func look() -> [LabEvent] {
    looks += 1
    // To open a database costs a little memory for good, also where that fails.
    guard trouble == nil || looks % Self.looksBetween == 0 else { return [] }
    do {
      let isNew = database == nil
      let database =
        try database
        ?? LabDatabase(
          path: path, access: .readOnly, option: ServedLaboratory.option(path), isUpdated: false)
      self.database = database
      try database.requireInPlace()
      let present = try database.dataVersion()
      guard isNew || present != version || looks % Self.looksBetween == 0 else { return [] }
      let hasChanged = present != version
      version = present
      let events = try changes(in: database, isNew: isNew, hasChanged: hasChanged)
      defer { trouble = nil }
      return trouble == nil ? events : [.found]
    } catch {
      try? database?.close()
      database = nil
      let error = error as? LabError ?? LabError(.software, "\(error)", where: path)
      guard error != trouble else { return [] }
      trouble = error
      return [.lost(error)]
    }
  }

  private mutating func changes(
    in database: LabDatabase, isNew: Bool, hasChanged: Bool
  ) throws -> [LabEvent] {
    let found = try database.states(newerThan: isNew ? .max : newest, and: Array(living.keys))
    let before = living
    var told: [RunState] = []
    living = [:]
    for state in found.states {
      if state.status == "running" { living[state.run] = state }
      // One that crashed long ago is none that was living.
      let isNews =
        before[state.run].map { $0 != state } ?? (state.run > newest || state.status == "running")
      if isNews { told.append(state) }
    }
    var gone: [Int64] = []
    if isNew || found.count != present.count || found.newest != newest {
      let ids = Set(try database.runNumbers())
      gone = isNew ? [] : present.subtracting(ids).sorted()
      present = ids
    }
    newest = found.newest
    guard !isNew, hasChanged || !told.isEmpty || !gone.isEmpty else { return [] }
    return [.runs(told, gone: gone)]
  }
}

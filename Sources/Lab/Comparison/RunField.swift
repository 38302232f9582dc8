import LabFormats

/// What a run can be asked for by name: a column of `compare.sql`, a metric, a tag, a setting.
enum RunField: Equatable {
  case column(Int)
  /// Any of the run's tags.
  case tag
  /// The first of these paths that a run has.
  case setting([Settings.Path])

  /// Finds the field that a name means; columns and metrics come before settings of that name.
  ///
  /// - Parameter place: Where the name stands, for the message.
  init(_ name: String, of runs: ComparedRuns, where place: String) throws(LabError) {
    if name == "tag" {
      self = .tag
    } else if let column = runs.column(name) {
      self = .column(column)
    } else {
      let paths = runs.settings.candidates(name)
      guard !paths.isEmpty else { throw Self.unknown(name, runs, place) }
      self = .setting(paths)
    }
  }

  /// The value of a run; null where it has none. A run's tags are one text.
  func value(of run: Int, in runs: ComparedRuns) -> Table.Cell {
    switch self {
    case .column(let column): runs.table.rows[run][column]
    case .tag: runs.column("tags").map { runs.table.rows[run][$0] } ?? .null
    case .setting(let paths): runs.settings.shown(paths, of: run) ?? .null
    }
  }

  private static func unknown(_ name: String, _ runs: ComparedRuns, _ place: String) -> LabError {
    let settings = runs.settings.paths.indices.map { runs.settings.shortName($0) }
    let columns = runs.table.columns.map(\.title)
    let ends = runs.settings.paths.compactMap { $0.split(separator: ".").last.map(String.init) }
    let near = Suggestion.text(for: name, among: columns + ["tag"] + ends + settings)
    let listed = settings.prefix(24).map(Visible.line).joined(separator: ", ")
    return LabError(
      .usage, "`\(Visible.line(name))` is neither a column nor a setting of these runs",
      where: place,
      next: "\(near)columns: \(columns.joined(separator: ", ")), tag; settings: \(listed)"
        + (settings.count > 24 ? ", …" : ""))
  }
}

package import LabFormats
import LabStore

extension Laboratory {
  /// Adds tags to runs and takes others away.
  ///
  /// - Returns: The runs with the tags that they have then, or would have.
  package func tag(
    _ choice: RunChoice, adding: [String], removing: [String], isDryRun: Bool
  ) throws -> Table {
    for tag in adding where !(1...100).contains(tag.count) || Visible.line(tag) != tag {
      throw LabError(
        .usage, "`\(Visible.line(tag))` is no tag", where: "--add",
        next: "allowed: a text of 1 to 100 characters in one line")
    }
    if let both = adding.first(where: removing.contains) {
      throw LabError(
        .usage, "`\(Visible.line(both))` is to be added and removed", where: "--remove",
        next: "name it once")
    }
    let database = try changing()
    let runs = try runs(of: choice, in: database)
    let most = 100
    for run in runs {
      let after = StoredRun.tags(run.tags, adding: adding, removing: removing)
      guard after.count <= most else {
        throw LabError(
          .usage, "run \(run.runID) would have \(after.count) tags", where: "--add",
          next: "allowed: \(most); take some away with --remove")
      }
    }
    if !isDryRun, !adding.isEmpty || !removing.isEmpty {
      try database.edit(runs.map(\.runID), .tags(adding: adding, removing: removing))
    }
    try database.close()
    return Table(
      columns: [.init("run_id", .integer), .init("name", .text), .init("tags", .text)],
      rows: runs.map { run in
        [
          .integer(Int(run.runID)), .text(run.name),
          .text(
            StoredRun.tags(run.tags, adding: adding, removing: removing).joined(separator: ", ")),
        ]
      })
  }

  /// Gives a run another name.
  ///
  /// - Returns: The run's number, and the name it had.
  package func rename(_ text: String, to name: String) throws -> (run: Int64, before: String) {
    guard Config.isName(name) else {
      throw LabError(
        .usage, "`\(Visible.line(name))` is no name", where: "rename", next: Config.namesAllowed)
    }
    let database = try changing()
    let run = try open(whole: text, in: database).run
    try database.edit([run.runID], .name(name))
    try database.close()
    return (run.runID, run.name)
  }

  /// Returns the remarks on a run; nil where there are none.
  package func notes(of text: String) throws -> String? {
    let notes = try open(whole: text, in: reading()).run.notes
    return notes.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Replaces the remarks on a run; an empty text takes them away.
  ///
  /// - Returns: The run's number.
  package func setNotes(_ notes: String, of text: String) throws -> Int64 {
    guard Visible.paragraph(notes) == notes else {
      throw LabError(
        .usage, "the note has control characters", where: "note",
        next: "allowed: text of any length, with line breaks and tabs")
    }
    let database = try changing()
    let run = try open(whole: text, in: database).id
    try database.edit([run], .notes(notes.isEmpty ? nil : notes))
    try database.close()
    return run
  }
}

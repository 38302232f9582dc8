package import LabFormats
import LabStore

/// What a look at a whole database has found.
package struct Checkup: Answer, Sendable {
  private let path: String
  private var facts: [Fact] = []
  /// How many runs there are.
  fileprivate var runs = 0
  /// What is wrong, a row each.
  package private(set) var table = Table(
    columns: [
      .init("run_id", .integer), .init("epoch", .integer), .init("part", .text),
      .init("problem", .text),
    ], rows: [])
  /// What is no damage, but may want doing.
  package private(set) var advice: [String] = []

  fileprivate init(_ path: String) { self.path = path }

  /// Whether nothing is damaged.
  package var isSound: Bool { table.rows.isEmpty }

  fileprivate mutating func add(
    _ problem: String, _ part: String, run: Int64? = nil, epoch: Int? = nil
  ) {
    table.rows.append([
      run.map { .integer(Int($0)) } ?? .null, epoch.map(Table.Cell.integer) ?? .null, .text(part),
      .text(problem),
    ])
  }

  fileprivate mutating func checkFile(_ database: LabDatabase) throws {
    do {
      for damage in try database.damages() { add(Visible.line(damage), "file") }
    } catch let error as LabError {
      add(error.what, "file")
    }
    facts.append(Fact("file", isSound ? "pages, schema and keys are sound" : "damaged"))
  }

  /// Looks whether the bytes of every whole state have the hash that is stored with them.
  fileprivate mutating func checkHashes(_ runs: [OpenedRun]) throws {
    var states = 0
    for opened in runs {
      try look("configuration", of: opened) {
        try opened.configHash == opened.run.configHash ? nil : "its hash is not the stored one"
      }
      try look("metrics", of: opened) {
        _ = try opened.database.metrics(of: opened.id)
        return nil
      }
      var epochs: [Int] = []
      try look("epochs", of: opened) {
        epochs = try opened.hashedEpochs()
        return nil
      }
      for epoch in epochs {
        states += 1
        try look("state", of: opened, epoch: epoch) {
          let state = try opened.database.state(of: opened.id, at: epoch, with: .weights)
          return try opened.hasItsHash(state, at: epoch) ? nil : OpenedRun.wrongHash
        }
      }
    }
    facts.append(Fact("runs", NumberText.count(runs.count)))
    facts.append(Fact("whole states", "\(NumberText.count(states)), each compared with its hash"))
  }

  /// Adds what is wrong with a part of a run: what `problem` returns, or why it cannot be told.
  private mutating func look(
    _ part: String, of opened: OpenedRun, epoch: Int? = nil, _ problem: () throws -> String?
  ) rethrows {
    do {
      if let problem = try problem() { add(problem, part, run: opened.id, epoch: epoch) }
    } catch let error as LabError {
      add(error.what, part, run: opened.id, epoch: epoch)
    }
  }

  fileprivate mutating func advise(_ runs: [StoredRun], option: String) {
    let crashed = runs.filter { $0.status == "crashed" }.map { "\($0.runID)" }
    if let first = crashed.first {
      advice.append(
        "\(crashed.count) run\(crashed.count == 1 ? " was" : "s were") never ended: \(crashed.prefix(10).joined(separator: ", "))\(crashed.count > 10 ? ", …" : ""); "
          + "go on with one: lstm-lab resume \(first)\(option)")
    }
    let drafts = Leftovers.drafts(of: path)
    if !drafts.isEmpty {
      advice.append(
        "\(drafts.count) unfinished file\(drafts.count == 1 ? " is" : "s are") left of killed processes: "
          + "remove them with: lstm-lab doctor --fix\(option)")
    }
    for log in Leftovers.logs(of: path) {
      advice.append(
        "\(Visible.line(log)) was set aside when its database was gone: it may hold epochs that are nowhere else; "
          + "keep it until you know that nothing is missing")
    }
  }

  /// Returns what was looked at, the verdict, and the problems.
  package func text(on screen: Screen) -> String {
    let verdict =
      isSound
      ? "Everything that is stored is as it was stored.\n"
      : table.text(fitting: screen.columns) + "\n"
        + WrappedText.lines(wayOut, width: screen.columns)
    return facts.text(width: screen.columns) + "\n" + verdict
      + advice.map { WrappedText.lines($0, width: screen.columns) + "\n" }.joined()
  }
}

extension Checkup {
  /// What to do about damage: what is whole can be taken over into another database.
  private var wayOut: String {
    let damaged = Set(
      table.rows.compactMap { row in if case .integer(let run) = row[0] { run } else { nil } })
    guard damaged.count < runs else { return "Restore a backup." }
    let path = path.hasSuffix(".db") ? String(path.dropLast(3)) : path
    let list = damaged.sorted().map(String.init).joined(separator: ", ")
    return "Restore a backup; or save "
      + (damaged.isEmpty ? "what can be read" : "the \(runs - damaged.count) other runs")
      + " with: "
      + "lstm-lab merge \(ShellWord.quoted(self.path)) --db \(ShellWord.quoted(path + "-saved.db"))"
      + (damaged.isEmpty ? "" : " --where 'not run_id in (\(list))'")
  }
}

extension Laboratory {
  /// Looks at the whole database: pages, schema, keys, every hash, and what killed processes have left.
  ///
  /// - Parameter fixes: Whether what is safe to remove is removed.
  package func checkup(fixes: Bool) throws -> Checkup {
    if fixes { try Leftovers.removeDrafts(of: path) }
    let database = try reading()
    var checkup = Checkup(path)
    try checkup.checkFile(database)
    var runs: [OpenedRun] = []
    var numbers: [Int64] = []
    do {
      numbers = try database.runNumbers()
    } catch let error as LabError {
      checkup.add(error.what, "runs")
    }
    checkup.runs = numbers.count
    for run in numbers {
      do {
        runs.append(try open("\(run)", in: database))
      } catch let error as LabError {
        checkup.add(error.what, "run", run: run)
      }
    }
    try checkup.checkHashes(runs)
    checkup.advise(runs.map(\.run), option: option)
    return checkup
  }
}

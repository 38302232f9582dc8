import LabFormats
import LabStore

/// The runs that a command takes: those named, or of them or all those that meet a condition.
package struct RunChoice: Sendable {
  /// As the user named them.
  package var runs: [String]
  /// Which of them, or of all, are meant.
  package var condition: String?

  /// With neither a run nor a condition nothing is meant.
  package init(runs: some Sequence<String>, condition: String?) {
    self.runs = Array(runs)
    self.condition = condition
  }
}

extension Laboratory {
  /// The runs that are meant as a user names them, those that were named with their epochs; at least one.
  package func references(of choice: RunChoice) throws -> [String] {
    guard choice.condition != nil else { return choice.runs }
    let database = try reading()
    var plain = choice
    plain.runs = try choice.runs.map {
      RunReference(try RunReference.parse($0).selector).description
    }
    let chosen = try runs(of: plain, in: database).map(\.runID)
    if choice.runs.isEmpty { return chosen.map(String.init) }
    return try zip(choice.runs, plain.runs).filter {
      chosen.contains(try database.find(.parse($0.1)))
    }.map { $0.0 }
  }

  /// The only run that is meant, perhaps with its epoch.
  package func reference(of choice: RunChoice) throws -> String {
    let references = try references(of: choice)
    guard references.count > 1 else { return references[0] }
    let shown = references.prefix(8).joined(separator: ", ") + (references.count > 8 ? ", …" : "")
    throw LabError(
      .usage, "\(references.count) runs meet the condition, and a file takes one: \(shown)",
      where: "--where", next: "name one of them, or all that they have in common and no other has")
  }

  /// The runs that are meant, each once, in the order of their numbers; at least one.
  func runs(of choice: RunChoice, in database: LabDatabase) throws -> [StoredRun] {
    guard !choice.runs.isEmpty || choice.condition != nil else {
      throw LabError(
        .usage, "no run is named", where: path,
        next: "name runs, or a condition that they meet: --where 'status = crashed'")
    }
    if choice.condition == nil {
      var found: [StoredRun] = []
      for text in choice.runs {
        let run = try open(whole: text, in: database).run
        if !found.contains(where: { $0.runID == run.runID }) { found.append(run) }
      }
      return found.sorted { $0.runID < $1.runID }
    }
    var request = ComparisonRequest()
    request.runs = choice.runs
    request.condition = choice.condition
    let runs = try select(request, in: database).runs
    return try runs.chosen.map { Int64(runs.id($0)) }.sorted().map { try database.run($0) }
  }
}

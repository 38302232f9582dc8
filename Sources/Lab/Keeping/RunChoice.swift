import LabFormats
import LabStore

/// The runs that a command changes: those named, or of them or all those that meet a condition.
package struct RunChoice: Sendable {
  /// As the user named them.
  package var runs: [String]
  /// Which of them, or of all, are meant.
  package var condition: String?

  /// With neither a run nor a condition nothing is meant.
  package init(runs: [String], condition: String?) {
    self.runs = runs
    self.condition = condition
  }
}

extension Laboratory {
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

package import LabFormats
import LabStore

/// What a page that is served may ask; there is nothing else that it is told.
package enum ServedQuestion: Equatable, Sendable {
  /// The page of all runs.
  case index
  /// The page of these runs.
  case page([Int64])
  /// A file of the pages, by its name, and the version that a page has named.
  case file(String, version: String?)
  /// A part of the table of all runs.
  case runs(ServedRuns)
  /// How far runs are: these, and all that are in training.
  case states([Int64])
  /// The learning curves of runs.
  case curves([Int64])
  /// The table of these runs.
  case table([Int64])
  /// What is told of a run, but for its history.
  case run(Int64)
  /// What the weights of all of a run's epochs tell.
  case history(Int64)
  /// Gates, states and cells of these training samples of a run.
  case samples(Int64, [Int])
  /// The epochs of a run's weights.
  case film(Int64)
  /// A run's weights in an epoch.
  case frame(Int64, epoch: Int)

  /// The most runs of a page.
  package static let mostRuns = 50
  private static let mostSamples = 8
  private static let mostStates = 400

  /// Whether a page of runs is asked for.
  package var isPage: Bool {
    if case .page = self { true } else { false }
  }

  /// Whether it may take much memory: such questions are answered one after the other.
  package var isLarge: Bool {
    if case .runs(let runs) = self { runs.maySearchSettings } else { false }
  }

  /// Reads a question from a path and the pairs of its query.
  ///
  /// - Returns: nil where there is nothing at this path.
  /// - Throws: A `LabError` of the kind `usage` that says what is wrong with the query.
  package init?(path: String, query: [(name: String, value: String)]) throws(LabError) {
    let query = try ServedQuery(query, path: path)
    switch path {
    case "/": self = .index
    case _ where path.hasPrefix("/runs/"):
      self = .page(try ServedQuery.ids(String(path.dropFirst(6)), "runs", most: Self.mostRuns))
    case "/page.css", "/run.js", "/index.js":
      self = .file(String(path.dropFirst()), version: query.text("v"))
    case "/api/runs": self = .runs(try ServedRuns(query))
    case "/api/states":
      self = .states(query.text("runs") == nil ? [] : try query.ids("runs", most: Self.mostStates))
    case "/api/curves": self = .curves(try query.ids("runs", most: Self.mostRuns))
    case "/api/table": self = .table(try query.ids("runs", most: Self.mostRuns))
    case "/api/run": self = .run(try query.id("run"))
    case "/api/history": self = .history(try query.id("run"))
    case "/api/samples":
      let samples = try query.ids("samples", most: Self.mostSamples)
      self = .samples(try query.id("run"), samples.map(Int.init))
    case "/api/film": self = .film(try query.weights("film"))
    case "/api/frame":
      self = .frame(try query.weights("film"), epoch: try query.number("epoch"))
    default: return nil
    }
    try query.requireKnown()
  }
}

/// The pairs of a question's query.
struct ServedQuery {
  private let values: [String: String]
  private let path: String
  private let asked = Asked()

  /// The names that were asked for.
  private final class Asked { var names: Set<String> = [] }

  init(_ pairs: [(name: String, value: String)], path: String) throws(LabError) {
    var values: [String: String] = [:]
    for (name, value) in pairs {
      guard values.updateValue(value, forKey: name) == nil else {
        throw LabError(
          .usage, "`\(name)` stands twice in the question", where: path, next: "ask with one")
      }
    }
    self.values = values
    self.path = path
  }

  /// A text; nil where it is not asked for.
  func text(_ name: String) -> String? {
    asked.names.insert(name)
    return values[name]
  }

  /// A count from 0.
  func number(_ name: String, default preset: Int? = nil) throws(LabError) -> Int {
    guard let text = text(name) else {
      if let preset { return preset }
      throw missing(name)
    }
    guard let number = Self.count(text) else {
      throw Self.wrong(text, name, "a number from 0")
    }
    return number
  }

  /// A run.
  func id(_ name: String) throws(LabError) -> Int64 {
    let ids = try ids(name, most: 1)
    return ids[0]
  }

  /// Some runs or samples, each once.
  func ids(_ name: String, most: Int) throws(LabError) -> [Int64] {
    guard let text = text(name) else { throw missing(name) }
    return try Self.ids(text, name, most: most)
  }

  /// The run of a film of weights.
  func weights(_ name: String) throws(LabError) -> Int64 {
    guard let text = text(name) else { throw missing(name) }
    guard text.hasPrefix("weights-"), let run = Self.count(text.dropFirst(8)) else {
      throw Self.wrong(text, name, "weights-1, weights-2, …")
    }
    return Int64(run)
  }

  static func ids(_ text: String, _ name: String, most: Int) throws(LabError) -> [Int64] {
    let words = text.split(separator: ",", omittingEmptySubsequences: false)
    guard words.count <= most else {
      throw LabError(
        .usage, "\(words.count) are too many at once", where: name, next: "ask for \(most) or fewer"
      )
    }
    var ids: [Int64] = []
    for word in words {
      guard let id = count(word).map(Int64.init) else {
        throw wrong(String(word), name, "numbers with commas between them, such as 1,4,7")
      }
      if !ids.contains(id) { ids.append(id) }
    }
    return ids
  }

  /// A number in plain digits.
  private static func count(_ text: some StringProtocol) -> Int? {
    let isPlain = !text.isEmpty && text.utf8.count <= 16 && text.utf8.allSatisfy { 48...57 ~= $0 }
    return isPlain ? Int(text) : nil
  }

  /// Throws where something was asked that nobody looked at.
  func requireKnown() throws(LabError) {
    if let name = values.keys.sorted().first(where: { !asked.names.contains($0) }) {
      throw LabError(
        .usage, "nothing here is called `\(Visible.shortened(Visible.line(name), to: 40))`",
        where: path, next: "leave it out")
    }
  }

  private func missing(_ name: String) -> LabError {
    LabError(.usage, "`\(name)` is missing", where: path, next: "ask with \(name)=…")
  }

  private static func wrong(_ text: String, _ name: String, _ allowed: String) -> LabError {
    LabError(
      .usage, "`\(Visible.shortened(Visible.line(text), to: 40))` cannot be asked for",
      where: name, next: "allowed: \(allowed)")
  }
}

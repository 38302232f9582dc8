import Foundation
package import LabFormats
import LabStore

/// What a served page is told.
package struct ServedAnswer: Equatable, Sendable {
  /// The media type, such as `application/json`.
  package let type: String
  package let bytes: [UInt8]
  /// Whether it is the same as long as its address is: a browser may keep it.
  package let isLasting: Bool

  init(type: String, _ bytes: [UInt8], isLasting: Bool = false) {
    self.type = type
    self.bytes = bytes
    self.isLasting = isLasting
  }

  init(type: String, _ text: String, isLasting: Bool = false) {
    self.init(type: type, Array(text.utf8), isLasting: isLasting)
  }

  init(_ json: JSONText) {
    var bytes: [UInt8] = []
    json.write(to: &bytes)
    self.init(type: "application/json", bytes)
  }

  /// An error in answer to a question: to that for a page of runs a page, to any other what, where, next.
  package init(_ error: LabError, toPage isPage: Bool) {
    if isPage {
      let (what, next) = (HTMLText.escaped(error.what), HTMLText.escaped(error.next))
      self.init(
        type: "text/html; charset=utf-8",
        PageFrame.served(
          title: "lstm-lab", kind: "error",
          main: "<p>\(what) (\(HTMLText.escaped(error.where)))</p>\n<p>\(next)</p>\n", end: "",
          script: nil))
      return
    }
    self.init(.object(["error": error.served]))
  }
}

extension LabError {
  /// The error as a page's script takes it.
  var served: JSONText {
    .object([
      "what": .string(Visible.line(what)), "where": .string(Visible.line(self.where)),
      "next": .string(Visible.line(next)),
    ])
  }
}

/// A laboratory as pages ask about it. It is read and never changed: the file of an older version is left as it
/// is, and one that was removed, replaced or edited meanwhile is an error like any other.
package struct ServedLaboratory: Sendable {
  private let path: String
  private let dataFolder: String?
  private let databases: KeptDatabases
  /// The connection for searches that read the settings of all runs, of which there is one at a time.
  private let searching: KeptDatabases
  private let searched = SearchedRuns()

  /// - Parameter dataFolder: Where else the data of stored runs may lie.
  package init(path: String, dataFolder: String?) {
    self.path = path
    self.dataFolder = dataFolder
    let open: @Sendable () throws -> LabDatabase = {
      try LabDatabase(
        path: path, access: .readOnly, option: Self.option(path), isUpdated: false)
    }
    (databases, searching) = (KeptDatabases(open), KeptDatabases(open))
  }

  static func option(_ path: String) -> String { " --db " + ShellWord.quoted(path) }

  private var laboratory: Laboratory {
    Laboratory(path: path, isNamed: true, dataFolder: dataFolder)
  }

  /// Throws where the database cannot be read.
  package func require() throws { try databases.read { _ in } }

  /// Answers a question.
  ///
  /// - Throws: `LabError` where there is no such run or epoch, and where the database cannot be read.
  package func answer(_ question: ServedQuestion) throws -> ServedAnswer {
    switch question {
    case .index: ServedAnswer(type: Self.html, IndexPage(path: path).html)
    case .file(let name, let version):
      ServedAnswer(
        type: (name.hasSuffix(".css") ? "text/css" : "text/javascript") + "; charset=utf-8",
        ReportAssets.file(name), isLasting: version == ReportAssets.version(of: name))
    default: try (question.isLarge ? searching : databases).read { try answer(question, $0) }
    }
  }

  private func answer(
    _ question: ServedQuestion, _ database: LabDatabase
  ) throws -> ServedAnswer {
    switch question {
    case .index, .file: try answer(question)
    case .page(let runs):
      ServedAnswer(
        type: Self.html,
        ReportPage(report: try report(runs, database, parts: .curves), isServed: true).html)
    case .runs(let runs):
      ServedAnswer(
        try runs.json(in: database) { try searched.runs(of: laboratory, in: database) })
    case .states(let runs): try states(runs, database)
    case .curves(let runs): try curves(runs, database)
    case .table(let runs):
      ServedAnswer(ReportPage(report: try report(runs, database, parts: [])).runsJSON)
    case .run(let run):
      try part(run, database, [.norms, .weights, .samples, .result]) { $0.content($1) }
    case .history(let run): try part(run, database, .history) { $0.historyPictures($1) }
    case .samples(let run, let samples):
      try part(run, database, .samples, samples: samples) {
        $0.cellPicture($1) + $0.activationPictures($1)
      }
    case .film(let run): try film(run, database)
    case .frame(let run, let epoch): try frame(run, epoch, database)
    }
  }

  private static let html = "text/html; charset=utf-8"

  /// A report on runs, with what is asked for of each.
  private func report(
    _ runs: [Int64], _ database: LabDatabase, parts: ReportedRun.Parts, samples: [Int]? = nil
  ) throws -> Report {
    // Else a number could be taken for the beginning of another run's uuid.
    let present = try database.runNumbers(among: runs)
    if let run = runs.first(where: { !present.contains($0) }) {
      throw database.missingRun(String(run))
    }
    var request = ComparisonRequest()
    request.runs = runs.map(String.init)
    let (compared, _) = try laboratory.select(request, in: database)
    return try Report(
      Comparison(compared, baseline: nil), in: database, dataFolder: dataFolder, parts: parts,
      samples: samples, isServed: true)
  }

  private func part(
    _ run: Int64, _ database: LabDatabase, _ parts: ReportedRun.Parts, samples: [Int]? = nil,
    html: (ReportPage, ReportedRun) -> String
  ) throws -> ServedAnswer {
    let report = try report([run], database, parts: parts, samples: samples)
    let page = ReportPage(report: report, isServed: true)
    let hasFilms = parts != .history
    return ServedAnswer(
      .object([
        "html": .string(html(page, report.runs[0])),
        "films": .array(hasFilms ? page.films : []), "results": .array(page.results),
      ]))
  }

  private func states(_ runs: [Int64], _ database: LabDatabase) throws -> ServedAnswer {
    let (_, newest, states) = try database.states(newerThan: .max, and: runs)
    let present = Set(states.map(\.run))
    return ServedAnswer(
      LabEvent.told(states, gone: runs.filter { !present.contains($0) }, newest: newest))
  }

  private func curves(_ runs: [Int64], _ database: LabDatabase) throws -> ServedAnswer {
    // One that is deleted has no curves; the page hears of it otherwise.
    let reported = try database.runNumbers(among: runs).map { run in
      try ReportedRun(
        OpenedRun(try database.run(run), in: database, dataFolder: dataFolder), among: runs.count,
        parts: .curves)
    }
    let charts = try Report.pageCharts(of: reported, in: database)
    return ServedAnswer(.object(["charts": .array(charts.map(\.json))]))
  }

  private func film(_ run: Int64, _ database: LabDatabase) throws -> ServedAnswer {
    let opened = OpenedRun(try database.run(run), in: database, dataFolder: dataFolder)
    guard
      let film = try WeightFilm(of: opened, cells: ReportedRun.servedCells, room: nil)
    else { throw missingWeights(run) }
    return ServedAnswer(film.json(key: ReportPage.weightsKey(run)))
  }

  private func frame(
    _ run: Int64, _ epoch: Int, _ database: LabDatabase
  ) throws -> ServedAnswer {
    guard try database.epochs(of: run, storing: .weights).contains(epoch) else {
      throw missingWeights(run, epoch)
    }
    let opened = OpenedRun(try database.run(run), in: database, dataFolder: dataFolder)
    let numbers = try WeightFilm.frame(of: opened, at: epoch, cells: ReportedRun.servedCells)
    return ServedAnswer(type: "application/octet-stream", Array(Data(numbers)))
  }

  private func missingWeights(_ run: Int64, _ epoch: Int? = nil) -> LabError {
    LabError(
      .notFound, "no weights are stored" + (epoch.map { " of epoch \($0)" } ?? ""),
      where: "run \(run)", next: "lstm-lab show \(run) tells which epochs are stored")
  }
}

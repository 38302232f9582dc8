import Foundation
package import LabFormats
import LabStore

/// What a served page is told.
package struct ServedAnswer: Equatable, Sendable {
  /// The media type, such as `application/json`.
  package let type: String
  package let bytes: [UInt8]

  init(type: String, _ bytes: [UInt8]) {
    self.type = type
    self.bytes = bytes
  }

  init(type: String, _ text: String) { self.init(type: type, Array(text.utf8)) }

  init(_ json: JSONText) {
    var bytes: [UInt8] = []
    json.write(to: &bytes)
    self.init(type: "application/json", bytes)
  }

  /// An error in answer to a question: to that for a page of runs a page, to any other what, where, next.
  package init(_ error: LabError, to question: ServedQuestion?) {
    if case .page = question {
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

/// A laboratory as pages ask about it: it opens the database anew for each question, to read, so that one that
/// was removed, replaced or edited meanwhile is an error like any other.
package struct ServedLaboratory: Sendable {
  private let path: String
  private let dataFolder: String?

  /// - Parameter dataFolder: Where else the data of stored runs may lie.
  package init(path: String, dataFolder: String?) {
    self.path = path
    self.dataFolder = dataFolder
  }

  private var laboratory: Laboratory {
    Laboratory(path: path, isNamed: true, dataFolder: dataFolder)
  }

  /// Throws where the database cannot be read.
  package func require() throws { try laboratory.reading().close() }

  /// Answers a question.
  ///
  /// - Throws: `LabError` where there is no such run or epoch, and where the database cannot be read.
  package func answer(_ question: ServedQuestion) throws -> ServedAnswer {
    switch question {
    case .index: return ServedAnswer(type: Self.html, IndexPage(path: path).html)
    case .page(let runs):
      return ServedAnswer(
        type: Self.html, ReportPage(report: try report(runs, parts: .curves), isServed: true).html)
    case .file(let name):
      let type = name.hasSuffix(".css") ? "text/css" : "text/javascript"
      return ServedAnswer(type: type + "; charset=utf-8", ReportAssets.file(name))
    case .runs(let runs): return ServedAnswer(try runs.json(of: laboratory))
    case .curves(let runs): return try curves(runs)
    case .table(let runs):
      return ServedAnswer(ReportPage(report: try report(runs, parts: [])).runsJSON)
    case .run(let run): return try part(run, [.weights, .samples, .result]) { $0.content($1) }
    case .history(let run): return try part(run, .history) { $0.historyPictures($1) }
    case .samples(let run, let samples):
      return try part(run, .samples, samples: samples) {
        $0.cellPicture($1) + $0.activationPictures($1)
      }
    case .film(let run): return try film(run)
    case .frame(let run, let epoch): return try frame(run, epoch)
    }
  }

  private static let html = "text/html; charset=utf-8"

  /// A report on runs, with what is asked for of each.
  private func report(
    _ runs: [Int64], parts: ReportedRun.Parts, samples: [Int]? = nil
  ) throws -> Report {
    var request = ComparisonRequest()
    request.runs = runs.map(String.init)
    let database = try laboratory.reading()
    let (compared, _) = try laboratory.select(request, in: database)
    return try Report(
      Comparison(compared, baseline: nil), in: database, dataFolder: dataFolder, parts: parts,
      samples: samples, isServed: true)
  }

  private func page(
    _ run: Int64, _ parts: ReportedRun.Parts, samples: [Int]? = nil
  ) throws -> ReportPage {
    ReportPage(report: try report([run], parts: parts, samples: samples), isServed: true)
  }

  private func part(
    _ run: Int64, _ parts: ReportedRun.Parts, samples: [Int]? = nil,
    html: (ReportPage, ReportedRun) -> String
  ) throws -> ServedAnswer {
    let page = try page(run, parts, samples: samples)
    let hasFilms = parts != .history
    return ServedAnswer(
      .object([
        "html": .string(html(page, page.report.runs[0])),
        "films": .array(hasFilms ? page.films : []), "results": .array(page.results),
      ]))
  }

  private func curves(_ runs: [Int64]) throws -> ServedAnswer {
    let database = try laboratory.reading()
    // One that is deleted has no curves; the page hears of it otherwise.
    let present = Set(try database.runNumbers())
    let reported = try runs.filter(present.contains).map { run in
      try ReportedRun(
        OpenedRun(try database.run(run), in: database, dataFolder: dataFolder), among: runs.count,
        parts: [])
    }
    let charts = try Report.pageCharts(of: reported, in: database)
    return ServedAnswer(.object(["charts": .array(charts.map(\.json))]))
  }

  private func film(_ run: Int64) throws -> ServedAnswer {
    let database = try laboratory.reading()
    let opened = OpenedRun(try database.run(run), in: database, dataFolder: dataFolder)
    guard
      let film = try WeightFilm(of: opened, cells: ReportedRun.servedCells, room: nil)
    else { throw missingWeights(run) }
    return ServedAnswer(film.json(key: ReportPage.weightsKey(run)))
  }

  private func frame(_ run: Int64, _ epoch: Int) throws -> ServedAnswer {
    let database = try laboratory.reading()
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

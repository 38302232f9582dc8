import LabFormats
import LabStore

/// `report.html`: one file with everything in it, readable without scripts.
///
/// A page that is served is the same, but that it asks for its style and scripts, and for each run's section
/// when that comes into sight.
struct ReportPage {
  let report: Report
  /// Whether it can ask for more.
  let isServed: Bool

  /// Opens runs at once where they are few.
  private static let mostOpen = 3

  private let charts: [CurveChart]
  private let table: PageRuns

  init(report: Report, isServed: Bool = false) {
    self.report = report
    self.isServed = isServed
    charts = report.pageCharts
    table = PageRuns(report)
  }

  /// Returns the page.
  var html: String {
    let main =
      "\(runs)\(curves)\(settings)"
      + report.runs.map { section($0, isServed ? Self.later($0) : content($0)) }.joined()
    let data = "<script type=\"application/json\" id=\"data\">\(HTMLText.script(data))</script>"
    if isServed {
      return PageFrame.served(
        title: report.title, kind: "runs", main: main, end: data, script: "run.js")
    }
    return PageFrame.whole(title: report.title, main: main, end: data)
  }

  /// The place where a run's section comes to be.
  private static func later(_ reported: ReportedRun) -> String {
    "<div data-load=\"/api/run?run=\(reported.run.runID)\"></div>\n"
  }

  private var runs: String {
    "<section class=\"runs\">\n<h2>Runs</h2>\n\(table.html)<div class=\"family\"></div></section>\n"
  }

  private var curves: String {
    guard !charts.isEmpty else {
      return
        "<section class=\"curves\">\n<h2>Learning curves</h2>\n<p>No epoch has a loss or metric to draw yet.</p></section>\n"
    }
    let figures = charts.enumerated().map { number, chart in
      """
      <figure class="chart" data-chart="\(number)"><figcaption>\(HTMLText.escaped(chart.title)) \
      <small>by epoch\(note(chart))</small></figcaption>
      \(chart.svg(attributes: " tabindex=\"0\""))<p class="reading" role="status"></p></figure>

      """
    }
    return "<section class=\"curves\">\n<h2>Learning curves</h2>\n"
      + "<div class=\"charts\">\n\(figures.joined())</div>\n" + legend + "</section>\n"
  }

  private func note(_ chart: CurveChart) -> String {
    let isMixed = Set(chart.curves.map(\.metric)).count > 1
    return (isMixed ? "; training drawn through, validation dotted" : "")
      + (chart.hasBest ? "; a ring marks the best" : "")
  }

  private var legend: String {
    if report.runs.count == 1 { return "" }
    let items = report.runs.map(\.run).enumerated().map { number, run in
      "<li data-run=\"\(run.runID)\"><svg class=\"key\" viewBox=\"0 0 28 8\" aria-hidden=\"true\">"
        + "<line x1=\"0\" x2=\"28\" y1=\"4\" y2=\"4\" stroke-width=\"3\" "
        + "stroke=\"\(ChartFrame.colour(number))\" "
        + "stroke-dasharray=\"\(CurveChart.dash(number))\"/></svg>"
        + "<span>run \(run.runID) \(HTMLText.escaped(run.name))</span></li>\n"
    }
    return "<details class=\"legend\"\(items.count <= 12 ? " open" : "")>"
      + "<summary>Legend: a click makes a run stand out</summary><ul>\n\(items.joined())</ul></details>\n"
  }

  private var settings: String {
    let settings = report.settings
    let differing =
      report.runs.count < 2
      ? ""
      : "<p>The runs differ in: "
        + (settings.differing.isEmpty
          ? "nothing" : HTMLText.escaped(settings.differing.joined(separator: ", "))) + ".</p>\n"
    return "<section>\n<h2>Settings</h2>\n\(differing)<details><summary>"
      + (report.runs.count < 2 ? "All settings" : "The same in all runs") + "</summary>"
      + Self.list(settings.shared) + "</details>\n</section>\n"
  }

  /// What has to be known of a run that did not come to its end.
  private func status(_ run: StoredRun) -> String {
    guard run.status != "completed" else { return "" }
    let message = run.message.map { ": \(HTMLText.escaped($0))" } ?? ""
    return
      "<p class=\"status\"><b>\(HTMLText.escaped(run.status))</b> after epoch \(run.epochs)\(message)</p>\n"
  }

  private static func list(_ facts: [Fact]) -> String {
    "<dl class=\"facts\">\n"
      + facts.map {
        "<dt>\(HTMLText.escaped($0.name))</dt><dd>\(HTMLText.escaped($0.value))</dd>\n"
      }.joined() + "</dl>\n"
  }

  private func section(_ reported: ReportedRun, _ content: String) -> String {
    let run = reported.run
    let open = report.runs.count <= Self.mostOpen ? " open" : ""
    return """
      <section class="run" id="run-\(run.runID)">
      <details\(open)><summary><h2>Run \(run.runID) · \(HTMLText.escaped(run.name))</h2></summary>
      \(content)</details>
      </section>

      """
  }

  /// What is told of a run.
  func content(_ reported: ReportedRun) -> String {
    let run = reported.run
    var text = status(run)
    if let notes = run.notes, !notes.isEmpty {
      text += "<p class=\"notes\">\(HTMLText.escaped(notes))</p>\n"
    }
    text += resultPictures(reported) + cellPicture(reported) + weightPictures(reported)
    text +=
      isServed
      ? "<div data-load=\"/api/history?run=\(run.runID)\"></div>\n" : historyPictures(reported)
    text += activationPictures(reported)
    if !reported.gates.rows.isEmpty {
      text +=
        "<h3>Norms by gate</h3>\n<div data-norms=\"norms-\(run.runID)\"></div>\n"
        + HTMLText.table(reported.gates, caption: "Norms by gate of run \(run.runID)")
    }
    let commands = HTMLText.escaped(reported.reproduction.commands.joined(separator: "\n"))
    return text + "<h3>Facts</h3>\n" + Self.list(reported.facts)
      + "<h3>Repeat it</h3>\n<pre>\(commands)</pre>\n"
  }

  /// What the script draws from.
  private var data: JSONText {
    .object([
      "charts": .array(charts.map(\.json)), "runs": table.json,
      "results": .array(isServed ? [] : results), "films": .array(isServed ? [] : films),
    ])
  }

  /// What the results of the runs make of their data.
  var results: [JSONText] {
    report.runs.compactMap { reported in
      reported.result?.rows?.json(run: reported.run.runID, series: reported.result?.series ?? [])
    }
  }

  /// The films of the runs.
  var films: [JSONText] {
    report.runs.flatMap { reported in
      [
        reported.weights?.json(key: Self.weightsKey(reported)),
        reported.recorded?.json(key: Self.gatesKey(reported)),
        reported.computed?.json(key: Self.cellKey(reported)),
        reported.norms?.json(key: "norms-\(reported.run.runID)"),
      ].compactMap { $0 }
    }
  }

  /// The runs for the script: columns, rows, the family of forks.
  var runsJSON: JSONText { table.json }
}

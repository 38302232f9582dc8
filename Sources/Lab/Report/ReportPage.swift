import LabFormats
import LabStore

/// `report.html`: one file with everything in it, readable without scripts.
struct ReportPage {
  let report: Report

  /// Opens runs at once where they are few.
  private static let mostOpen = 3

  private let charts: [CurveChart]
  private let table: PageRuns

  init(report: Report) {
    self.report = report
    charts = report.pageCharts
    table = PageRuns(report)
  }

  /// Returns the page.
  var html: String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
    style-src 'unsafe-inline'; script-src 'unsafe-inline'">
    <title>\(HTMLText.escaped(report.title))</title>
    <style>
    \(ReportAssets.style)</style>
    </head>
    <body>
    <header><h1>\(HTMLText.escaped(report.title))</h1></header>
    <main>
    \(runs)\(curves)\(settings)\(report.runs.map(section).joined())</main>
    <script type="application/json" id="data">\(HTMLText.script(data))</script>
    <script>
    \(ReportAssets.script)</script>
    </body>
    </html>

    """
  }

  private var runs: String {
    "<section class=\"runs\">\n<h2>Runs</h2>\n\(table.html)<div class=\"family\"></div></section>\n"
  }

  private var curves: String {
    guard !charts.isEmpty else {
      return
        "<section>\n<h2>Learning curves</h2>\n<p>No epoch has a loss or metric to draw yet.</p></section>\n"
    }
    let figures = charts.enumerated().map { number, chart in
      """
      <figure class="chart" data-chart="\(number)"><figcaption>\(HTMLText.escaped(chart.title)) \
      <small>by epoch\(note(chart))</small></figcaption>
      \(chart.svg(attributes: " tabindex=\"0\""))<p class="reading" role="status"></p></figure>

      """
    }
    return "<section>\n<h2>Learning curves</h2>\n"
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

  private func section(_ reported: ReportedRun) -> String {
    let run = reported.run
    let open = report.runs.count <= Self.mostOpen ? " open" : ""
    var text = """
      <section class="run" id="run-\(run.runID)">
      <details\(open)><summary><h2>Run \(run.runID) · \(HTMLText.escaped(run.name))</h2></summary>

      """
    text += status(run)
    if let notes = run.notes, !notes.isEmpty {
      text += "<p class=\"notes\">\(HTMLText.escaped(notes))</p>\n"
    }
    text += resultPictures(reported) + cellPicture(reported) + weightPictures(reported)
    text += historyPictures(reported) + activationPictures(reported)
    if !reported.gates.rows.isEmpty {
      text +=
        "<h3>Norms by gate</h3>\n<div data-norms=\"norms-\(run.runID)\"></div>\n"
        + HTMLText.table(reported.gates, caption: "Norms by gate of run \(run.runID)")
    }
    let commands = HTMLText.escaped(reported.reproduction.commands.joined(separator: "\n"))
    return text + "<h3>Facts</h3>\n" + Self.list(reported.facts)
      + "<h3>Repeat it</h3>\n<pre>\(commands)</pre>\n</details>\n</section>\n"
  }

  /// What the script draws from.
  private var data: JSONText {
    .object([
      "charts": .array(charts.map(\.json)), "runs": table.json,
      "results": .array(
        report.runs.compactMap { reported in
          reported.result?.rows?.json(
            run: reported.run.runID, series: reported.result?.series ?? [])
        }),
      "films": .array(
        report.runs.flatMap { reported in
          [
            reported.weights?.json(key: Self.weightsKey(reported)),
            reported.recorded?.json(key: Self.gatesKey(reported)),
            reported.computed?.json(key: Self.cellKey(reported)),
            reported.norms?.json(key: "norms-\(reported.run.runID)"),
          ].compactMap { $0 }
        }),
    ])
  }
}

/// The page's style and script, from the files in `Page`.
enum ReportAssets {
  static let style = text(PackageResources.report_css) + text(PackageResources.film_css)

  /// First what the others use.
  static let script = [
    PackageResources.source_js, PackageResources.small_js, PackageResources.condition_js,
    PackageResources.table_js, PackageResources.runs_js, PackageResources.sweep_js,
    PackageResources.family_js, PackageResources.curves_js, PackageResources.bands_js,
    PackageResources.charts_js, PackageResources.legend_js, PackageResources.slider_js,
    PackageResources.heat_js, PackageResources.moves_js, PackageResources.weights_js,
    PackageResources.norms_js, PackageResources.gates_js, PackageResources.drawing_js,
    PackageResources.sums_js, PackageResources.cell_js, PackageResources.outcome_js,
    PackageResources.results_js, PackageResources.dots_js, PackageResources.series_js,
  ].map(text).joined(separator: "\n")

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

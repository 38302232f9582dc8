import LabFormats
import LabStore

/// `report.html`: one file with everything in it, readable without scripts.
struct ReportPage {
  let report: Report

  /// Opens runs at once where they are few.
  private static let mostOpen = 3

  private let charts: [CurveChart]

  init(report: Report) {
    self.report = report
    charts = report.mergedCharts
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
    var table = report.comparison.brief
    let ids = report.runs.map(\.run.runID)
    // The newest first, but where another order was asked for.
    let isByAge = ids == ids.sorted()
    if isByAge { table.rows.reverse() }
    let shown = isByAge ? ids.reversed() : ids
    return "<section class=\"runs\">\n<h2>Runs</h2>\n"
      + HTMLText.table(
        table, caption: "Runs", isSortable: true,
        link: { row, column in
          column == 0 && shown.indices.contains(row) ? "run-\(shown[row])" : nil
        }) + "</section>\n"
  }

  private var curves: String {
    guard !charts.isEmpty else { return "" }
    let figures = charts.enumerated().map { number, chart in
      """
      <figure class="chart" data-chart="\(number)"><figcaption>\(chart.metric) \
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
      + "; a ring marks the best"
  }

  private var legend: String {
    if report.runs.count == 1 { return "" }
    var seen: Set<Int> = []
    let curves = charts.flatMap(\.curves).filter { seen.insert($0.run).inserted }
    let items = curves.enumerated().map { number, curve in
      "<li data-run=\"\(curve.run)\"><svg class=\"key\" viewBox=\"0 0 28 8\" aria-hidden=\"true\">"
        + "<line x1=\"0\" x2=\"28\" y1=\"4\" y2=\"4\" stroke-width=\"3\" "
        + "stroke=\"\(ChartFrame.colour(number))\" "
        + "stroke-dasharray=\"\(CurveChart.dash(number))\"/></svg>"
        + "<span>run \(curve.run) \(HTMLText.escaped(curve.name))</span></li>\n"
    }
    return "<details class=\"legend\"\(items.count <= 12 ? " open" : "")>"
      + "<summary>Legend</summary><ul>\n\(items.joined())</ul></details>\n"
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

  private static func list(_ facts: [Fact]) -> String {
    "<dl>\n"
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
    if let notes = run.notes, !notes.isEmpty {
      text += "<p class=\"notes\">\(HTMLText.escaped(notes))</p>\n"
    }
    text += resultPictures(reported) + cellPicture(reported) + weightPictures(reported)
    text += activationPictures(reported) + historyPictures(reported)
    if !reported.gates.rows.isEmpty {
      text +=
        "<h3>Norms by gate</h3>\n"
        + HTMLText.table(reported.gates, caption: "Norms by gate of run \(run.runID)")
    }
    let commands = HTMLText.escaped(reported.reproduction.commands.joined(separator: "\n"))
    return text + "<h3>Facts</h3>\n" + Self.list(reported.facts)
      + "<h3>Repeat it</h3>\n<pre>\(commands)</pre>\n</details>\n</section>\n"
  }

  /// What the script draws from.
  private var data: JSONText {
    .object([
      "charts": .array(charts.map(\.json)),
      "films": .array(
        report.runs.flatMap { reported in
          [
            reported.weights?.json(key: Self.weightsKey(reported)),
            reported.recorded?.json(key: Self.gatesKey(reported)),
            reported.computed?.json(key: Self.cellKey(reported)),
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
    PackageResources.source_js, PackageResources.tables_js, PackageResources.charts_js,
    PackageResources.slider_js, PackageResources.heat_js, PackageResources.weights_js,
    PackageResources.gates_js, PackageResources.drawing_js, PackageResources.cell_js,
  ].map(text).joined(separator: "\n")

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

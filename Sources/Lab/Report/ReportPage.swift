import LabFormats
import LabStore

/// `report.html`: one file with everything in it, readable without scripts.
struct ReportPage {
  let report: Report

  /// Opens runs at once where they are few.
  private static let mostOpen = 3

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
    "<section>\n<h2>Runs</h2>\n"
      + HTMLText.table(report.comparison.brief, caption: "Runs", isSortable: true) + "</section>\n"
  }

  private var curves: String {
    guard !report.charts.isEmpty else { return "" }
    let figures = report.charts.enumerated().map { number, chart in
      """
      <figure class="chart" data-chart="\(number)"><figcaption>\(chart.metric) \
      <small>by epoch</small></figcaption>
      \(chart.svg(attributes: " tabindex=\"0\""))<p class="reading" role="status"></p></figure>

      """
    }
    return
      "<section>\n<h2>Learning curves</h2>\n<div class=\"charts\">\n\(figures.joined())</div>\n"
      + legend + "</section>\n"
  }

  private var legend: String {
    if report.runs.count == 1 { return "" }
    let items = report.charts[0].curves.enumerated().map { number, curve in
      "<li><i style=\"background:\(ChartFrame.colour(number))\"></i>"
        + "run \(curve.run) \(HTMLText.escaped(curve.name))</li>\n"
    }
    return "<details class=\"legend\"\(items.count <= 8 ? " open" : "")>"
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
      <section class="run">
      <details\(open)><summary><h2>Run \(run.runID) · \(HTMLText.escaped(run.name))</h2></summary>

      """
    if let notes = run.notes, !notes.isEmpty {
      text += "<p class=\"notes\">\(HTMLText.escaped(notes))</p>\n"
    }
    text += resultPictures(reported) + weightPictures(reported) + activationPictures(reported)
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
      "shades": .integer(HeatGrid.shades),
      "charts": .array(report.charts.map(\.json)),
      "films": .array(
        report.runs.flatMap { reported in
          [
            (Self.weightsKey(reported), reported.weights?.film),
            (Self.gatesKey(reported), reported.activations?.film),
          ].compactMap { key, film in
            // Of one epoch there is nothing to slide.
            film.flatMap { $0.epochs.count > 1 ? $0.json(key: key) : nil }
          }
        }),
    ])
  }
}

/// The page's style and script, from the files beside this one.
enum ReportAssets {
  static let style = String(decoding: PackageResources.report_css, as: UTF8.self)
  static let script = String(decoding: PackageResources.report_js, as: UTF8.self)
}

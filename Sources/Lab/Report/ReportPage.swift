import Foundation
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
      <figure class="chart" data-chart="\(number)"><figcaption>\(chart.metric)</figcaption>
      \(chart.svg(attributes: " tabindex=\"0\""))<p class="reading" role="status"></p></figure>

      """
    }
    return
      "<section>\n<h2>Learning curves</h2>\n<div class=\"charts\">\n\(figures.joined())</div>\n"
      + legend + "</section>\n"
  }

  private var legend: String {
    let items = report.charts[0].curves.enumerated().map { number, curve in
      "<li><i style=\"background:\(CurveChart.colour(number))\"></i>"
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
    text += Self.weights(reported) + Self.activations(reported)
    if !reported.gates.rows.isEmpty {
      text +=
        "<h3>Norms by gate</h3>\n"
        + HTMLText.table(reported.gates, caption: "Norms by gate of run \(run.runID)")
    }
    let commands = HTMLText.escaped(reported.reproduction.commands.joined(separator: "\n"))
    return text + "<h3>Facts</h3>\n" + Self.list(reported.facts)
      + "<h3>Repeat it</h3>\n<pre>\(commands)</pre>\n</details>\n</section>\n"
  }

  private static func weights(_ reported: ReportedRun) -> String {
    guard let film = reported.film, let frame = film.frames.last, let epoch = film.epochs.last
    else { return "<h3>Weights</h3>\n<p>No weights are stored.</p>\n" }
    let run = reported.run.runID
    var notes: [String] = []
    if film.isReduced { notes.append("large matrices are shown by the means of blocks") }
    if film.epochs.count < film.stored {
      notes.append("\(film.epochs.count) of \(film.stored) stored epochs")
    }
    var text = """
      <div class="film" data-run="\(run)">
      <h3>Weights of epoch <output>\(epoch)</output></h3>
      <p class="slider" hidden><label>Epoch <input type="range" min="0" \
      max="\(film.epochs.count - 1)" value="\(film.epochs.count - 1)"></label></p>
      <p class="scale">\(scale(film.scale))\(notes.map { "; " + $0 }.joined())</p>

      """
    var tensor = ""
    for (part, grid) in zip(film.parts, frame) {
      if part.tensor.path != tensor {
        text += tensor.isEmpty ? "" : "</div></figure>\n"
        tensor = part.tensor.path
        text +=
          "<figure><figcaption>\(HTMLText.escaped(tensor)) "
          + "<small>\(part.tensor.rows) × \(part.tensor.cols)</small></figcaption>"
          + "<div class=\"gates\">\n"
      }
      text += figure(part.gate ?? "", grid, "\(tensor) \(part.gate ?? "")")
    }
    return text + "</div></figure>\n</div>\n"
  }

  private static func scale(_ scale: Float) -> String {
    let text = NumberText.metric(Double(scale))
    return "<span class=\"ramp\"></span> −\(text) to \(text); a row is a source, a column a unit"
  }

  private static func figure(_ name: String, _ grid: HeatGrid, _ label: String) -> String {
    "<div class=\"gate\"><span>\(HTMLText.escaped(name))</span>\(grid.svg(label: label))</div>\n"
  }

  private static func activations(_ reported: ReportedRun) -> String {
    let title = "<h3>Gates over time</h3>\n"
    if let missing = reported.missing {
      return title + "<p>Not shown: \(HTMLText.escaped(missing)).</p>\n"
    }
    return title + "<div class=\"samples\">\n"
      + reported.activations.map { pictures in
        """
        <figure><figcaption>train sample \(pictures.sample), \(HTMLText.escaped(pictures.layer)) \
        <small>\(pictures.units) units down, \(pictures.steps) steps across\
        \(pictures.isReduced ? ", means of blocks" : "")</small></figcaption><div class="gates">
        \(pictures.pictures.map {
          figure($0.name.replacing("_", with: " "), $0.grid, "\($0.name) by step")
        }.joined())</div></figure>

        """
      }.joined() + "</div>\n"
  }

  /// What the script draws from.
  private var data: JSONText {
    .object([
      "shades": .integer(HeatGrid.shades),
      "charts": .array(report.charts.map(\.json)),
      "films": .array(
        report.runs.compactMap { reported in
          reported.film?.json(run: Int(reported.run.runID))
        }),
    ])
  }
}

/// The page's style and script, from the files beside this one.
enum ReportAssets {
  static let style = String(decoding: PackageResources.report_css, as: UTF8.self)
  static let script = String(decoding: PackageResources.report_js, as: UTF8.self)
}

import Crypto
import Foundation
import LabFormats

/// The style and scripts of pages, from the files in `Page`.
enum ReportAssets {
  private static let styles = [
    ("report.css", PackageResources.report_css), ("film.css", PackageResources.film_css),
  ]

  /// What only served pages have.
  private static let servedStyles = [("index.css", PackageResources.index_css)]

  /// First what the others use.
  private static let pictures = [
    ("small.js", PackageResources.small_js), ("parts.js", PackageResources.parts_js),
    ("source.js", PackageResources.source_js), ("condition.js", PackageResources.condition_js),
    ("picks.js", PackageResources.picks_js), ("table.js", PackageResources.table_js),
    ("runs.js", PackageResources.runs_js), ("sweep.js", PackageResources.sweep_js),
    ("family.js", PackageResources.family_js), ("curves.js", PackageResources.curves_js),
    ("bands.js", PackageResources.bands_js), ("charts.js", PackageResources.charts_js),
    ("legend.js", PackageResources.legend_js), ("slider.js", PackageResources.slider_js),
    ("heat.js", PackageResources.heat_js), ("moves.js", PackageResources.moves_js),
    ("weights.js", PackageResources.weights_js), ("norms.js", PackageResources.norms_js),
    ("gates.js", PackageResources.gates_js), ("drawing.js", PackageResources.drawing_js),
    ("sums.js", PackageResources.sums_js), ("cell.js", PackageResources.cell_js),
    ("outcome.js", PackageResources.outcome_js), ("results.js", PackageResources.results_js),
    ("dots.js", PackageResources.dots_js), ("series.js", PackageResources.series_js),
  ]
  /// What a page of some runs has more where it is served.
  private static let served = [
    ("asking.js", PackageResources.asking_js), ("events.js", PackageResources.events_js),
    ("loading.js", PackageResources.loading_js), ("live.js", PackageResources.live_js),
  ]
  /// What the page of all runs is made of.
  private static let index = [
    ("small.js", PackageResources.small_js), ("parts.js", PackageResources.parts_js),
    ("picks.js", PackageResources.picks_js), ("curves.js", PackageResources.curves_js),
    ("bands.js", PackageResources.bands_js), ("charts.js", PackageResources.charts_js),
    ("legend.js", PackageResources.legend_js), ("asking.js", PackageResources.asking_js),
    ("events.js", PackageResources.events_js), ("indexAsk.js", PackageResources.indexAsk_js),
    ("indexState.js", PackageResources.indexState_js),
    ("indexPicks.js", PackageResources.indexPicks_js),
    ("indexTable.js", PackageResources.indexTable_js),
    ("indexTools.js", PackageResources.indexTools_js),
    ("indexCurves.js", PackageResources.indexCurves_js),
    ("indexNews.js", PackageResources.indexNews_js), ("index.js", PackageResources.index_js),
  ]

  /// The style of a page that is one file.
  static let style = joined(styles, by: "")
  /// The scripts of a page that is one file.
  static let script = joined(pictures)

  /// A file that a served page asks for.
  static func file(_ name: String) -> String {
    switch name {
    case "page.css": joined(styles + servedStyles, by: "")
    case "run.js": joined(pictures + served)
    default: joined(index)
    }
  }

  /// The path at which a served page asks for a file, with its version, so that a browser may keep what it got.
  static func path(of name: String) -> String { "/\(name)?v=\(version(of: name))" }

  /// The beginning of the hash of a file.
  static func version(of name: String) -> String {
    Data(SHA256.hash(data: Array(file(name).utf8)).prefix(8)).hexadecimal
  }

  private static func joined(
    _ files: [(name: String, bytes: [UInt8])], by separator: String = "\n"
  ) -> String {
    files.map { name, bytes in
      #if DEBUG
        // To work on the files without building the program anew.
        if let folder = ProcessInfo.processInfo.environment["LSTM_LAB_PAGE_FILES"],
          let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
        {
          return text
        }
      #endif
      return String(decoding: bytes, as: UTF8.self)
    }.joined(separator: separator)
  }
}

import LabFormats
import LabStore

extension ReportPage {
  /// What the history of a run's weights tells.
  func historyPictures(_ reported: ReportedRun) -> String {
    guard let history = reported.history,
      !history.pictures.isEmpty || !history.attributions.isEmpty
    else { return "" }
    let run = reported.run.runID
    var text = "<h3>What the history tells</h3>\n"
    if !history.pictures.isEmpty {
      let figures = history.pictures.map { picture in
        """
        <figure class="chart"><figcaption>\(HTMLText.escaped(picture.caption))</figcaption>
        \(picture.plot.svg)</figure>

        """
      }
      text += "<div class=\"charts\">\n\(figures.joined())</div>\n"
    }
    let tables = [
      (history.hardest, "The samples that were hardest to learn", "learned \(run)"),
      (history.selfish, "The samples that most taught themselves", "influence \(run) --self"),
    ]
    let shown = tables.compactMap { table, title, command in
      table.map { table in
        "<div>\n" + HTMLText.table(table, caption: "\(title), run \(run)")
          + "<p class=\"scale\">\(title): <code>lstm-lab \(command)</code></p></div>"
      }
    }
    if !shown.isEmpty { text += "<div class=\"tables\">\(shown.joined())</div>\n" }
    guard !history.attributions.isEmpty else { return text }
    text +=
      "<p class=\"scale\">Which inputs at which steps carried the prediction, against inputs of zero: a row is "
      + "an input, a column a step; orange carried it up, blue down.</p>\n<div class=\"gates\">\n"
    for attribution in history.attributions {
      let scale = NumberText.metric(Double(attribution.scale))
      text +=
        "<div class=\"gate\"><span>\(HTMLText.escaped(attribution.words)), "
        + "train sample \(attribution.sample), ±\(scale)</span>"
        + attribution.grid.svg(
          label: "attributions of sample \(attribution.sample), \(attribution.features) inputs, "
            + "\(attribution.steps) steps") + "</div>\n"
    }
    return text + "</div>\n"
  }
}

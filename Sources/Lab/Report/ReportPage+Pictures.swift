import LSTMEngine
import LabFormats
import LabStore

extension ReportPage {
  /// The `data-film` of a run's weights.
  static func weightsKey(_ reported: ReportedRun) -> String { weightsKey(reported.run.runID) }

  /// The same by the run's number.
  static func weightsKey(_ run: Int64) -> String { "weights-\(run)" }

  /// The `data-film` of a run's gates and states.
  static func gatesKey(_ reported: ReportedRun) -> String { "gates-\(reported.run.runID)" }

  /// The `data-film` of the picture of a run's cells.
  static func cellKey(_ reported: ReportedRun) -> String { "cell-\(reported.run.runID)" }

  /// What a run's result makes of the data: tables of classes, or pictures of numbers.
  func resultPictures(_ reported: ReportedRun) -> String {
    guard let result = reported.result else { return "" }
    let run = reported.run.runID
    var text = "<h3>\(HTMLText.escaped(result.heading))</h3>\n<div data-result=\"\(run)\">\n"
    if let summary = result.summary { text += "<p>\(HTMLText.escaped(summary)).</p>\n" }
    if let tables = result.tables {
      text +=
        "<div class=\"tables\"><div>\n"
        + HTMLText.table(tables.scores, caption: "Classes of run \(run)")
        + "</div><div>\n"
        + HTMLText.table(
          tables.confusion, caption: "Confusion of classes of run \(run)", shade: tables.share)
        + "<p class=\"scale\">\(HTMLText.escaped(tables.confusionHeading))</p></div></div>\n"
    }
    guard !result.pictures.isEmpty else { return text + "</div>\n" }
    let figures = result.pictures.map { picture in
      """
      <figure class="chart"><figcaption>\(HTMLText.escaped(picture.caption))</figcaption>
      \(picture.plot.svg)</figure>

      """
    }
    return text + "<div class=\"charts\">\n\(figures.joined())</div></div>\n"
  }

  /// The weights of a run's epochs: a picture a tensor and gate.
  func weightPictures(_ reported: ReportedRun) -> String {
    guard let weights = reported.weights else {
      return "<h3>Weights</h3>\n<p>No weights are stored.</p>\n"
    }
    let notes = [
      "A row is a source, a column a unit; each tensor has a scale of its own", weights.film.note,
    ]
    var text =
      Self.head("Weights of epoch", weights.film, key: Self.weightsKey(reported))
      + Self.notes(notes)
    for (index, tensor) in weights.tensors.enumerated() {
      text +=
        "<figure data-tensor=\"\(index)\"><figcaption>\(HTMLText.escaped(tensor.path)) "
        + "<small>\(tensor.rows) × \(tensor.cols)"
        + (weights.isReduced(tensor) ? ", means of blocks" : "") + "</small></figcaption>\n"
        + Self.ramp(weights.scales[index], "; 99 of 100 weights lie within")
        + "<div class=\"gates\">\n"
      for part in weights.parts where part.tensor == index {
        text += Self.picture(part.gate ?? "", part.grid, "\(tensor.path) \(part.gate ?? "")")
      }
      text += "</div></figure>\n"
    }
    return text + "</div>\n"
  }

  /// The gates and states of a few samples over time: a picture a sample, layer and quantity.
  func activationPictures(_ reported: ReportedRun) -> String {
    guard let shown = reported.activations else {
      let reason = HTMLText.escaped(reported.missing ?? "")
      return "<h3>Gates over time</h3>\n<p>Not shown: \(reason).</p>\n"
    }
    let notes = [
      "A row is a unit, a column a step; gates are 0 to 1, others ± their greatest magnitude",
      "a dot marks a gate below 0.05 or above 0.95",
      shown.isRecorded
        ? "as the run stored them" : "computed from the stored weights: the run stored none",
      shown.film.note,
    ]
    var text =
      Self.head("Gates over time in epoch", shown.film, key: Self.gatesKey(reported))
      + Self.notes(notes)
    for (number, sample) in shown.samples.enumerated() {
      for (index, layer) in sample.layers.enumerated() {
        let name = [layer.name, layer.direction?.rawValue].compactMap(\.self)
        text +=
          "<figure data-sample=\"\(number)\" data-layer=\"\(index)\"><figcaption>"
          + "train sample \(sample.number), \(HTMLText.escaped(name.joined(separator: ", "))) "
          + "<small>\(layer.quantities[0].width) units down, \(sample.steps) steps across"
          + (shown.note(layer).map { "; \($0) have numbers" } ?? "")
          + "</small></figcaption><div class=\"gates\">\n"
        for (name, grid) in shown.pictures(number, index, cells: 20_000 / report.runs.count) {
          text += Self.picture(name.replacing("_", with: " "), grid, "\(name) by step")
        }
        text += "</div></figure>\n"
      }
    }
    return text + "</div>\n"
  }

  /// The place where the script draws a run's cells.
  func cellPicture(_ reported: ReportedRun) -> String {
    guard reported.computed != nil else { return "" }
    return "<div class=\"cell\" data-film=\"\(Self.cellKey(reported))\" hidden></div>\n"
  }

  /// The title of a film and the place of its slider, which the script fills.
  private static func head(_ title: String, _ film: Film, key: String) -> String {
    """
    <div class="film" data-film="\(key)">
    <h3>\(title) <output>\(film.lastEpoch)</output></h3>
    <div class="slider" hidden></div>

    """
  }

  private static func notes(_ notes: [String?]) -> String {
    "<p class=\"scale\">" + notes.compactMap { $0 }.joined(separator: "; ") + ".</p>\n"
  }

  private static func ramp(_ scale: Float, _ note: String) -> String {
    let number = NumberText.metric(Double(scale))
    return "<p class=\"scale\">−\(number) <span class=\"ramp\"></span> \(number)\(note)</p>\n"
  }

  private static func picture(_ name: String, _ grid: HeatGrid, _ label: String) -> String {
    "<div class=\"gate\"><span>\(HTMLText.escaped(name))</span>\(grid.svg(label: label))</div>\n"
  }
}

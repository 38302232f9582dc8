import LabFormats
import LabStore

extension ReportPage {
  /// The `data-film` of a run's weights.
  static func weightsKey(_ reported: ReportedRun) -> String { "weights-\(reported.run.runID)" }

  /// The `data-film` of a run's gates and states.
  static func gatesKey(_ reported: ReportedRun) -> String { "gates-\(reported.run.runID)" }

  /// What a run's result makes of the data: tables of classes, or pictures of numbers.
  func resultPictures(_ reported: ReportedRun) -> String {
    guard let result = reported.result else { return "" }
    let run = reported.run.runID
    var text = "<h3>\(HTMLText.escaped(result.heading))</h3>\n"
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
    guard !result.pictures.isEmpty else { return text }
    let figures = result.pictures.map { picture in
      """
      <figure class="chart"><figcaption>\(HTMLText.escaped(picture.caption))</figcaption>
      \(picture.plot.svg)</figure>

      """
    }
    return text + "<div class=\"charts\">\n\(figures.joined())</div>\n"
  }

  /// The weights of a run's epochs: a picture a tensor and gate.
  func weightPictures(_ reported: ReportedRun) -> String {
    guard let weights = reported.weights else {
      return "<h3>Weights</h3>\n<p>No weights are stored.</p>\n"
    }
    let film = weights.film
    let scale = NumberText.metric(Double(weights.scale))
    let notes = [
      "−\(scale) to \(scale); a row is a source, a column a unit",
      weights.isReduced ? "large matrices are shown by the means of blocks" : nil, film.note,
    ]
    var text =
      Self.head("Weights of epoch", film, key: Self.weightsKey(reported), hasEpoch: true)
      + Self.scale(notes)
    var tensor = ""
    for (part, grid) in zip(weights.parts, film.last) {
      if part.tensor.path != tensor {
        text += tensor.isEmpty ? "" : "</div></figure>\n"
        tensor = part.tensor.path
        text +=
          "<figure><figcaption>\(HTMLText.escaped(tensor)) "
          + "<small>\(part.tensor.rows) × \(part.tensor.cols)</small></figcaption>"
          + "<div class=\"gates\">\n"
      }
      text += Self.picture(part.gate ?? "", grid, "\(tensor) \(part.gate ?? "")")
    }
    return text + "</div></figure>\n</div>\n"
  }

  /// The gates and states of a few samples over time: a picture a sample, layer and quantity.
  func activationPictures(_ reported: ReportedRun) -> String {
    guard let activations = reported.activations else {
      let reason = HTMLText.escaped(reported.missing ?? "")
      return "<h3>Gates over time</h3>\n<p>Not shown: \(reason).</p>\n"
    }
    let film = activations.film
    let notes = [
      "gates −1 to 1, states ± their greatest magnitude",
      activations.isRecorded
        ? "as the run stored them"
        : "computed from the weights of epoch \(film.lastEpoch): the run stored none",
      film.note,
    ]
    var grids = film.last[...]
    var text =
      Self.head(
        activations.isRecorded ? "Gates over time in epoch" : "Gates over time", film,
        key: Self.gatesKey(reported), hasEpoch: activations.isRecorded)
      + Self.scale(notes)
    for layer in activations.layers {
      text +=
        "<figure><figcaption>train sample \(layer.sample), \(HTMLText.escaped(layer.layer)) "
        + "<small>\(layer.units) units down, \(layer.steps) steps across"
        + (activations.isReduced(layer) ? ", means of blocks" : "")
        + "</small></figcaption><div class=\"gates\">\n"
      for (quantity, grid) in zip(layer.quantities, grids) {
        text += Self.picture(
          quantity.name.replacing("_", with: " "), grid, "\(quantity.name) by step")
      }
      grids = grids.dropFirst(layer.quantities.count)
      text += "</div></figure>\n"
    }
    return text + "</div>\n"
  }

  /// The title of a film and its slider, which the script shows where there is something to slide.
  private static func head(_ title: String, _ film: Film, key: String, hasEpoch: Bool) -> String {
    let head = """
      <div class="film" data-film="\(key)">
      <h3>\(title)\(hasEpoch ? " <output>\(film.lastEpoch)</output>" : "")</h3>

      """
    let last = film.epochs.count - 1
    if last == 0 { return head }
    return head + """
      <p class="slider" hidden><label>Epoch <input type="range" min="0" max="\(last)" \
      value="\(last)"></label></p>

      """
  }

  private static func scale(_ notes: [String?]) -> String {
    "<p class=\"scale\"><span class=\"ramp\"></span> "
      + notes.compactMap { $0 }.joined(separator: "; ") + "</p>\n"
  }

  private static func picture(_ name: String, _ grid: HeatGrid, _ label: String) -> String {
    "<div class=\"gate\"><span>\(HTMLText.escaped(name))</span>\(grid.svg(label: label))</div>\n"
  }
}

import LabFormats
import LabStore

/// The learning curves of some runs as an SVG picture.
struct CurveChart {
  /// Every curve has at least one finite value.
  let curves: [LearningCurve]

  /// Whether a value can be better than another: of a rate or a norm none is.
  let hasBest: Bool
  /// The runs by whose places colours are given; those of the curves where there are none.
  private let order: [Int]

  /// The most points of a drawn line; more are thinned out evenly.
  static let mostPoints = 240
  /// Numbers beyond have no place on an axis.
  private static let greatest = 1e299
  private static let dashes = ["", "7 3", "7 3 2 3"]
  /// How validation is drawn beside training.
  private static let dots = "1.5 3"
  /// The most curves whose best epochs are marked.
  private static let mostMarked = 24

  /// Returns the chart of one metric of some runs; nil where none has a finite value.
  init?(
    _ curves: [LearningCurve], points: Int = mostPoints, hasBest: Bool = true, order: [Int] = []
  ) {
    self.hasBest = hasBest
    self.order = order
    self.curves = curves.map { curve in
      let finite = curve.points.filter { $0.value.magnitude < Self.greatest }
      return LearningCurve(
        run: curve.run, name: curve.name, metric: curve.metric,
        points: Sparkline.thinned(finite, to: points))
    }.filter { !$0.points.isEmpty }
    if self.curves.isEmpty { return nil }
  }

  /// The metric's name; of training and validation together it is that of training.
  var metric: String { metrics.count == 1 ? curves[0].metric : base }

  /// The same in words.
  var title: String {
    switch (hasBest, metric) {
    case (false, Self.rate): "learning rate"
    case (false, Self.gradients): "length of the gradients"
    default: metric
    }
  }

  /// What the two curves are called that measure nothing.
  static let rate = "learning_rate"
  static let gradients = "gradient_norm"

  private var metrics: Set<String> { Set(curves.map(\.metric)) }
  private var base: String { DataSplit.parts(ofMetric: curves[0].metric).name }

  /// The runs in order, each once: a run's number gives its colour.
  private var runs: [Int] {
    order.isEmpty ? drawn : order
  }

  private var drawn: [Int] {
    curves.map(\.run).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  private var frame: ChartFrame {
    let epochs = curves.flatMap { $0.points.map { Double($0.epoch) } }
    let values = curves.flatMap { $0.points.map(\.value) }
    return ChartFrame(
      across: ChartScale((epochs.min() ?? 0)...(epochs.max() ?? 1), ticks: 6, isWhole: true),
      up: ChartScale((values.min() ?? 0)...(values.max() ?? 1), ticks: 5))
  }

  /// Returns the picture as an element of a page.
  func svg(attributes: String = "") -> String {
    let frame = frame
    return frame.svg(
      "\(title) by epoch, \(drawn.count) run\(drawn.count == 1 ? "" : "s")", attributes: attributes,
      """
      <g fill="none" \(stroke) stroke-linejoin="round">
      \(lines(frame))</g>

      """)
  }

  /// Many curves are drawn so that those below are seen, too.
  private var stroke: String {
    curves.count > 24 ? "stroke-width=\"1.2\" stroke-opacity=\"0.6\"" : "stroke-width=\"1.8\""
  }

  private func lines(_ frame: ChartFrame) -> String {
    let (runs, isMixed) = (runs, metrics.count > 1)
    return curves.map { curve in
      let isDotted = isMixed && curve.metric != base
      return line(
        curve, number: runs.firstIndex(of: curve.run) ?? 0, isDotted: isDotted, frame)
        + (isMixed && !isDotted ? "" : best(of: curve, frame))
    }.joined()
  }

  /// A ring around the curve's best value.
  private func best(of curve: LearningCurve, _ frame: ChartFrame) -> String {
    guard hasBest, curves.count <= Self.mostMarked else { return "" }
    let values = curve.points.map(\.value)
    let best = MetricValue.isHigherBetter(base) ? values.max() : values.min()
    guard let best, let place = values.firstIndex(of: best) else { return "" }
    let colour = ChartFrame.colour(runs.firstIndex(of: curve.run) ?? 0)
    return "<circle class=\"best\" r=\"4\" stroke=\"\(colour)\" "
      + "cx=\"\(frame.x(Double(curve.points[place].epoch)))\" cy=\"\(frame.y(best))\"/>\n"
  }

  private func line(
    _ curve: LearningCurve, number: Int, isDotted: Bool, _ frame: ChartFrame
  ) -> String {
    var points = curve.points.map { "\(frame.x(Double($0.epoch))),\(frame.y($0.value))" }
    // A line of one point would not be seen.
    if points.count == 1 { points.append(points[0]) }
    let dash = isDotted ? Self.dots : Self.dash(number)
    return "<polyline stroke=\"\(ChartFrame.colour(number))\""
      + (dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"")
      + (points.count == 2 ? " stroke-linecap=\"round\"" : "")
      + " points=\"\(points.joined(separator: " "))\">"
      + "<title>\(HTMLText.escaped("run \(curve.run) \(curve.name)"))</title></polyline>\n"
  }

  /// The dashes of a run's curve by its number.
  static func dash(_ number: Int) -> String {
    dashes[number / ChartFrame.colours.count % dashes.count]
  }

  /// What the page's script draws: every curve's points.
  var json: JSONText {
    let runs = runs
    return .object([
      "metric": .string(metric), "isHigherBetter": .bool(MetricValue.isHigherBetter(base)),
      "hasBest": .bool(hasBest), "title": .string(Visible.line(title)),
      "curves": .array(
        curves.map { curve in
          .object([
            "run": .integer(curve.run), "name": .string(Visible.line(curve.name)),
            "metric": .string(curve.metric),
            "colour": .string(ChartFrame.colour(runs.firstIndex(of: curve.run) ?? 0)),
            "dash": .string(
              metrics.count > 1 && curve.metric != base
                ? Self.dots : Self.dash(runs.firstIndex(of: curve.run) ?? 0)),
            "epochs": .array(curve.points.map { .integer($0.epoch) }),
            "values": .array(curve.points.map { .real($0.value) }),
          ])
        }),
    ])
  }
}

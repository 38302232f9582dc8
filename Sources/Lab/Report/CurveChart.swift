import LabFormats

/// The learning curves of some runs as an SVG picture.
struct CurveChart {
  /// Every curve has at least one finite value.
  let curves: [LearningCurve]

  private static let width = 480.0
  private static let height = 290.0
  private static let left = 58.0
  private static let right = 12.0
  private static let top = 12.0
  private static let bottom = 34.0
  /// The most points of a drawn line; more are thinned out evenly.
  static let mostPoints = 240
  /// Told apart on light and dark grounds, also by people who see red and green alike.
  static let colours = [
    "#2f7fd6", "#e0762b", "#1f9e76", "#c858a5", "#a08a00", "#00a0b8", "#d6505a", "#8a6fd6",
  ]
  private static let dashes = ["", "6 3", "2 3"]

  /// Returns the chart of one metric of some runs; nil where none has a finite value.
  init?(_ curves: [LearningCurve]) {
    self.curves = curves.map { curve in
      let finite = curve.points.filter { $0.value.isFinite }
      return LearningCurve(
        run: curve.run, name: curve.name, metric: curve.metric,
        points: Sparkline.thinned(finite, to: Self.mostPoints))
    }.filter { !$0.points.isEmpty }
    if self.curves.isEmpty { return nil }
  }

  /// The metric's name.
  var metric: String { curves[0].metric }

  private var epochs: ChartScale {
    let all = curves.flatMap { $0.points.map { Double($0.epoch) } }
    return ChartScale((all.min() ?? 0)...(all.max() ?? 1), ticks: 6, isWhole: true)
  }

  private var values: ChartScale {
    let all = curves.flatMap { $0.points.map(\.value) }
    return ChartScale((all.min() ?? 0)...(all.max() ?? 1), ticks: 5)
  }

  private static func x(_ epoch: Double, _ scale: ChartScale) -> String {
    NumberText.fixed(left + (width - left - right) * scale.part(epoch), digits: 1)
  }

  private static func y(_ value: Double, _ scale: ChartScale) -> String {
    NumberText.fixed(top + (height - top - bottom) * (1 - scale.part(value)), digits: 1)
  }

  /// Returns the picture as an element of a page.
  func svg(attributes: String = "") -> String {
    let (epochs, values) = (epochs, values)
    let label = HTMLText.escaped("\(metric) by epoch, \(curves.count) runs")
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 290" role="img"\(attributes) \
      aria-label="\(label)">
      <g class="axes" font-family="system-ui, sans-serif" font-size="13">
      \(axes(epochs, values))</g>
      <g fill="none" \(stroke) stroke-linejoin="round">
      \(curves.enumerated().map { line($1, number: $0, epochs, values) }.joined())</g>
      </svg>

      """
  }

  /// Many curves are drawn so that those below are seen, too.
  private var stroke: String {
    curves.count > 24 ? "stroke-width=\"1.2\" stroke-opacity=\"0.6\"" : "stroke-width=\"1.8\""
  }

  /// Returns the picture as a file, which brings its own colours for light and dark.
  func file() -> String {
    let style = """
      <style>text{fill:#444}.axes line{stroke:#8884}\
      @media (prefers-color-scheme:dark){text{fill:#bbb}}</style>

      """
    let svg = svg()
    guard let end = svg.firstIndex(of: "\n") else { return svg }
    return svg[...end] + style + svg[svg.index(after: end)...]
  }

  private func axes(_ epochs: ChartScale, _ values: ChartScale) -> String {
    let right = NumberText.fixed(Self.width - Self.right, digits: 1)
    let lines = values.ticks.map { tick in
      let y = Self.y(tick, values)
      return "<line x1=\"58\" x2=\"\(right)\" y1=\"\(y)\" y2=\"\(y)\"/>"
        + "<text x=\"52\" y=\"\(y)\" dy=\".35em\" text-anchor=\"end\">\(values.label(tick))</text>\n"
    }
    let labels = epochs.ticks.map { tick in
      "<text x=\"\(Self.x(tick, epochs))\" y=\"274\" text-anchor=\"middle\">"
        + "\(epochs.label(tick))</text>\n"
    }
    return (lines + labels).joined()
  }

  private func line(
    _ curve: LearningCurve, number: Int, _ epochs: ChartScale, _ values: ChartScale
  ) -> String {
    var points = curve.points.map {
      "\(Self.x(Double($0.epoch), epochs)),\(Self.y($0.value, values))"
    }
    // A line of one point would not be seen.
    if points.count == 1 { points.append(points[0]) }
    let dash = Self.dash(number)
    return "<polyline stroke=\"\(Self.colour(number))\""
      + (dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"")
      + (points.count == 2 ? " stroke-linecap=\"round\"" : "")
      + " points=\"\(points.joined(separator: " "))\">"
      + "<title>\(HTMLText.escaped("run \(curve.run) \(curve.name)"))</title></polyline>\n"
  }

  /// The colour of a curve by its number.
  static func colour(_ number: Int) -> String { colours[number % colours.count] }

  private static func dash(_ number: Int) -> String {
    dashes[number / colours.count % dashes.count]
  }

  /// What the page's script needs to tell values: the axes and every curve's points.
  var json: JSONText {
    let (epochs, values) = (epochs, values)
    return .object([
      "metric": .string(metric),
      "frame": .array(
        [Self.left, Self.top, Self.width - Self.right, Self.height - Self.bottom].map(JSONText.real)
      ),
      "epochs": .array([.real(epochs.low), .real(epochs.high)]),
      "values": .array([.real(values.low), .real(values.high)]),
      "curves": .array(
        curves.map { curve in
          .object([
            "run": .integer(curve.run), "name": .string(Visible.line(curve.name)),
            "epochs": .array(curve.points.map { .integer($0.epoch) }),
            "values": .array(
              curve.points.map { point in
                let value = Float(point.value)
                return value.isFinite ? .float(value) : .real(point.value)
              }),
          ])
        }),
    ])
  }
}

import LabFormats

/// The learning curves of some runs as an SVG picture.
struct CurveChart {
  /// Every curve has at least one finite value.
  let curves: [LearningCurve]

  /// The most points of a drawn line; more are thinned out evenly.
  static let mostPoints = 240
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
      "\(metric) by epoch, \(curves.count) runs", attributes: attributes,
      """
      <g fill="none" \(stroke) stroke-linejoin="round">
      \(curves.enumerated().map { line($1, number: $0, frame) }.joined())</g>

      """)
  }

  /// Many curves are drawn so that those below are seen, too.
  private var stroke: String {
    curves.count > 24 ? "stroke-width=\"1.2\" stroke-opacity=\"0.6\"" : "stroke-width=\"1.8\""
  }

  private func line(_ curve: LearningCurve, number: Int, _ frame: ChartFrame) -> String {
    var points = curve.points.map { "\(frame.x(Double($0.epoch))),\(frame.y($0.value))" }
    // A line of one point would not be seen.
    if points.count == 1 { points.append(points[0]) }
    let dash = Self.dash(number)
    return "<polyline stroke=\"\(ChartFrame.colour(number))\""
      + (dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"")
      + (points.count == 2 ? " stroke-linecap=\"round\"" : "")
      + " points=\"\(points.joined(separator: " "))\">"
      + "<title>\(HTMLText.escaped("run \(curve.run) \(curve.name)"))</title></polyline>\n"
  }

  private static func dash(_ number: Int) -> String {
    dashes[number / ChartFrame.colours.count % dashes.count]
  }

  /// What the page's script needs to tell values: the axes and every curve's points.
  var json: JSONText {
    let frame = frame
    return .object([
      "metric": .string(metric),
      "frame": .array(frame.sides.map(JSONText.real)),
      "epochs": .array([.real(frame.across.low), .real(frame.across.high)]),
      "values": .array([.real(frame.up.low), .real(frame.up.high)]),
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

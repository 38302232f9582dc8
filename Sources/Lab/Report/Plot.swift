import LabFormats

/// Numbers by numbers as a picture: dots and lines, told apart by colour.
struct Plot {
  /// One of the things that are drawn.
  struct Drawing {
    /// How it is drawn.
    enum Form {
      case dots, line, dashes
      /// A line that others are compared with.
      case rule
    }

    /// What it is called; nil for what needs no name.
    var name: String?
    let form: Form
    let points: [(x: Double, y: Double)]
  }

  private let label: String
  private let frame: ChartFrame
  private let drawings: [Drawing]

  /// Frames drawings, the later ones above; nil where none has a finite point.
  ///
  /// - Parameters:
  ///   - label: What the picture shows, for those who do not see it.
  ///   - isSquare: Whether both axes have the same range.
  ///   - isWhole: Whether the axis across counts.
  init?(
    _ label: String, across: String, up: String, isSquare: Bool = false, isWhole: Bool = false,
    _ drawings: [Drawing]
  ) {
    let finite = drawings.map { drawing in
      Drawing(
        name: drawing.name, form: drawing.form,
        points: drawing.points.filter { $0.x.isFinite && $0.y.isFinite })
    }
    let points = finite.flatMap(\.points)
    guard let xs = Self.range(points.map(\.x)), let ys = Self.range(points.map(\.y)) else {
      return nil
    }
    let both = min(xs.lowerBound, ys.lowerBound)...max(xs.upperBound, ys.upperBound)
    self.label = label
    self.drawings = finite
    frame = ChartFrame(
      across: ChartScale(isSquare ? both : xs, ticks: isSquare ? 5 : 6, isWhole: isWhole),
      up: ChartScale(isSquare ? both : ys, ticks: 5), titles: (across, up))
  }

  private static func range(_ values: [Double]) -> ClosedRange<Double>? {
    guard let least = values.min(), let greatest = values.max() else { return nil }
    return least...greatest
  }

  /// The picture as an element of a page.
  var svg: String {
    let coloured = drawings.filter { $0.form != .rule }
    let key = coloured.enumerated().compactMap { number, drawing in
      drawing.name.map { (name: $0, colour: ChartFrame.colour(number)) }
    }
    var number = -1
    let drawn = drawings.map { drawing in
      if drawing.form != .rule { number += 1 }
      return path(drawing, colour: drawing.form == .rule ? "#888" : ChartFrame.colour(number))
    }
    return frame.svg(label, key: key, "<g fill=\"none\">\n\(drawn.joined())</g>\n")
  }

  private func path(_ drawing: Drawing, colour: String) -> String {
    let isDots = drawing.form == .dots
    let places = drawing.points.map { "\(frame.x($0.x)) \(frame.y($0.y))" }
    let data =
      isDots
      ? places.map { "M\($0)h0" }.joined()
      : places.isEmpty ? "" : "M" + places.joined(separator: "L")
    let style =
      switch drawing.form {
      case .dots: "stroke-width=\"4.5\" stroke-opacity=\"0.65\" stroke-linecap=\"round\""
      case .line: "stroke-width=\"1.8\" stroke-linejoin=\"round\""
      case .dashes: "stroke-width=\"2\" stroke-dasharray=\"5 3\" stroke-linejoin=\"round\""
      case .rule: "stroke-width=\"1.2\" stroke-opacity=\"0.8\" stroke-dasharray=\"2 3\""
      }
    return "<path stroke=\"\(colour)\" \(style) d=\"\(data)\"/>\n"
  }
}

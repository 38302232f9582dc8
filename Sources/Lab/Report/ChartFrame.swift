import LabFormats

/// The two axes of a picture: where numbers stand in it, the lines and labels of its ticks, and its colours.
struct ChartFrame {
  let across, up: ChartScale
  /// What the axes count, where the picture itself says it.
  var titles: (across: String, up: String)?

  private static let width = 480.0
  private static let left = 58.0
  private static let right = 18.0
  /// Told apart on light and dark grounds, also by people who see red and green alike.
  static let colours = [
    "#2f7fd6", "#e0762b", "#1f9e76", "#c858a5", "#a08a00", "#00a0b8", "#d6505a", "#8a6fd6",
  ]

  /// The colour of a curve by its number.
  static func colour(_ number: Int) -> String { colours[number % colours.count] }

  /// The room above the axes: titles take a line more.
  private var top: Double { titles == nil ? 12 : 30 }
  /// The lowest line of the frame.
  private var floor: Double { top + 244 }
  private var height: Double { floor + (titles == nil ? 34 : 54) }

  /// The place of a number on the axis across.
  func x(_ value: Double) -> String {
    NumberText.fixed(
      Self.left + (Self.width - Self.left - Self.right) * across.part(value), digits: 1)
  }

  /// The place of a number on the axis up.
  func y(_ value: Double) -> String {
    NumberText.fixed(top + (floor - top) * (1 - up.part(value)), digits: 1)
  }

  /// The frame's left, upper, right and lower side.
  var sides: [Double] { [Self.left, top, Self.width - Self.right, floor] }

  /// Returns a picture with what is drawn between the axes.
  ///
  /// - Parameters:
  ///   - label: What the picture shows, for those who do not see it.
  ///   - key: The names of what is drawn, with their colours.
  func svg(
    _ label: String, attributes: String = "", key: [(name: String, colour: String)] = [],
    _ drawn: String
  ) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 \(NumberText.fixed(height, digits: 0))" \
    role="img"\(attributes) aria-label="\(HTMLText.escaped(label))">
    <g class="axes" font-family="system-ui, sans-serif" font-size="13">
    \(axes)\(titleTexts)\(keyTexts(key))</g>
    \(drawn)</svg>

    """
  }

  /// Returns a picture as a file, which brings its own colours for light and dark.
  static func file(_ svg: String) -> String {
    let style = """
      <style>text{fill:#444}.axes line{stroke:#8884}\
      @media (prefers-color-scheme:dark){text{fill:#bbb}}</style>

      """
    guard let end = svg.firstIndex(of: "\n") else { return svg }
    return svg[...end] + style + svg[svg.index(after: end)...]
  }

  private var axes: String {
    let right = NumberText.fixed(Self.width - Self.right, digits: 1)
    let lines = up.ticks.map { tick in
      let y = y(tick)
      return "<line x1=\"58\" x2=\"\(right)\" y1=\"\(y)\" y2=\"\(y)\"/>"
        + "<text x=\"52\" y=\"\(y)\" dy=\".35em\" text-anchor=\"end\">\(up.label(tick))</text>\n"
    }
    let labels = across.ticks.map { tick in
      "<text x=\"\(x(tick))\" y=\"\(NumberText.fixed(floor + 18, digits: 0))\" text-anchor=\"middle\">"
        + "\(across.label(tick))</text>\n"
    }
    return (lines + labels).joined()
  }

  private var titleTexts: String {
    guard let titles else { return "" }
    let middle = NumberText.fixed((Self.left + Self.width - Self.right) / 2, digits: 1)
    return "<text x=\"6\" y=\"14\">\(HTMLText.escaped(titles.up))</text>\n"
      + "<text x=\"\(middle)\" y=\"\(NumberText.fixed(floor + 40, digits: 0))\" "
      + "text-anchor=\"middle\">\(HTMLText.escaped(titles.across))</text>\n"
  }

  /// The names, each behind a dot of its colour, in the upper right corner.
  private func keyTexts(_ key: [(name: String, colour: String)]) -> String {
    guard !key.isEmpty else { return "" }
    let names = key.map { name, colour in
      "<tspan fill=\"\(colour)\">●</tspan> \(HTMLText.escaped(name))"
    }
    return "<text x=\"\(NumberText.fixed(Self.width - Self.right, digits: 0))\" y=\"14\" "
      + "text-anchor=\"end\">\(names.joined(separator: "&#8195;"))</text>\n"
  }
}

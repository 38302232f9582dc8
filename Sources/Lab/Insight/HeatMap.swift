import LabFormats

/// A picture of numbers over time: a row a unit, two columns of the terminal a time step.
///
/// In colour the ground is blue for −1, black for 0 and orange for 1; without colour a shade stands
/// for the magnitude and a sign before it for negative numbers.
struct HeatMap {
  /// One line of the picture.
  struct Row {
    /// What the rows from here on are; empty where that goes on.
    var name: String
    var number: String
    /// The magnitude that has the full shade; nil for numbers that are not drawn.
    var scale: Float?
    var values: [Float]
  }

  let rows: [Row]
  let steps: Int
  let width: Int
  let colour: Bool
  private let nameWidth: Int
  private let numberWidth: Int
  /// The columns of one number beside the picture, with the space before it; 0 where they do not fit.
  private let cell: Int

  /// Measures the columns; numbers that have no room are not even written.
  init(rows: [Row], steps: Int, width: Int, colour: Bool) {
    self.rows = rows
    self.steps = steps
    self.width = width
    self.colour = colour
    nameWidth = rows.map { DisplayWidth.of($0.name) }.max() ?? 0
    numberWidth = rows.map { DisplayWidth.of($0.number) }.max() ?? 0
    let room = width - (nameWidth + 2 + numberWidth + 2) - (2 * steps + 1)
    let narrowest = 8
    if room < narrowest * steps {
      cell = 0
    } else {
      let digits = rows.flatMap { $0.values.map { Self.number($0).count } }.max() ?? 0
      cell = max(narrowest, 1 + digits) * steps <= room ? max(narrowest, 1 + digits) : 0
    }
  }

  /// The columns before the picture.
  private var head: Int { nameWidth + 2 + numberWidth + 2 }

  private var hasNumbers: Bool { cell > 0 }

  /// Returns the picture: in pieces of as many steps as fit, one below the other.
  var text: String {
    let piece = hasNumbers ? steps : max(1, (width - head) / 2)
    return stride(from: 0, to: steps, by: piece).map { first in
      piecewise(first..<min(first + piece, steps))
    }.joined(separator: "\n")
  }

  private func piecewise(_ steps: Range<Int>) -> String {
    var text = header(steps)
    for (index, row) in rows.enumerated() {
      if row.scale == nil, !hasNumbers { continue }
      if index > 0, !row.name.isEmpty, hasNumbers || rows[index - 1].scale != nil { text += "\n" }
      var line =
        DisplayWidth.padded(row.name, to: nameWidth, alignment: .left) + "  "
        + DisplayWidth.padded(row.number, to: numberWidth, alignment: .right) + "  "
      line += steps.map { step in
        row.scale.map { shade(row.values[step], scale: $0) } ?? "  "
      }.joined()
      if hasNumbers {
        line +=
          " "
          + steps.map {
            DisplayWidth.padded(Self.number(row.values[$0]), to: cell, alignment: .right)
          }.joined()
      }
      text += line.trimmingSpaces() + "\n"
    }
    return text
  }

  /// The steps' numbers: above the numbers, and every fifth above the picture.
  private func header(_ steps: Range<Int>) -> String {
    var line = DisplayWidth.padded("step", to: head, alignment: .left)
    var picture = ""
    for step in steps {
      let room = 2 * (step - steps.lowerBound) - picture.count
      if room >= 0, (step - steps.lowerBound) % 5 == 0 {
        picture += String(repeating: " ", count: room) + "\(step)"
      }
    }
    line += DisplayWidth.padded(picture, to: 2 * steps.count, alignment: .left)
    if hasNumbers {
      line +=
        " " + steps.map { DisplayWidth.padded("\($0)", to: cell, alignment: .right) }.joined()
    }
    return line.trimmingSpaces() + "\n"
  }

  private static func number(_ value: Float) -> String {
    NumberText.number(Double(value))
  }

  private static let shades = Array(" ░▒▓█")

  /// Two columns for one number.
  private func shade(_ value: Float, scale: Float) -> String {
    let part = scale > 0 && !(value / scale).isNaN ? max(-1, min(1, value / scale)) : 0
    if colour { return "\u{1B}[48;5;\(Self.colour(part))m  \u{1B}[0m" }
    let level = min(4, Int(abs(part) * 5))
    let sign = Self.shades[level]
    return (part < 0 && level > 0 ? "-" : String(sign)) + String(sign)
  }

  /// A colour of the 256: blues below zero, oranges above.
  private static func colour(_ part: Float) -> Int {
    let negative = [16, 17, 18, 19, 20, 27, 33, 39, 45],
      positive = [16, 52, 88, 130, 166, 172, 208, 214, 220]
    let level = min(8, Int(abs(part) * 9))
    return part < 0 ? negative[level] : positive[level]
  }

  /// Explains the signs.
  static func legend(colour: Bool) -> String {
    let steps: [Float] = [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1]
    let map = HeatMap(rows: [], steps: 0, width: 80, colour: colour)
    return "-1 " + steps.map { map.shade($0, scale: 1) }.joined() + " 1; "
      + "states, which have no bounds, by the greatest of their kind\n"
  }
}

extension String {
  /// The text without spaces at its end.
  fileprivate func trimmingSpaces() -> Substring {
    self[..<(lastIndex { $0 != " " }.map { index(after: $0) } ?? startIndex)]
  }
}

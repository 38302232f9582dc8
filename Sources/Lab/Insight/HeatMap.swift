import LabFormats

/// A picture of numbers in rows: a row a unit, two columns of the terminal a time step.
///
/// In colour the ground is blue for −1, black for 0 and orange for 1; without colour a shade stands
/// for the magnitude and a sign before it for negative numbers.
struct HeatMap {
  /// One line of the picture.
  struct Row {
    /// What the rows from here on are; empty where that goes on.
    var name: String
    var number: String
    /// The magnitude that has the full shade.
    var scale: Float
    /// Whether it is not drawn where the numbers themselves stand beside.
    var isInput = false
    var values: [Float]
  }

  /// A character that a column stands for, and its number.
  struct Label {
    var sign: String
    var number: Int

    /// The sign in two columns.
    fileprivate var brief: String {
      DisplayWidth.padded(DisplayWidth.of(sign) > 2 ? "�" : sign, to: 2, alignment: .left)
    }
  }

  /// What the columns are: `step`, `unit`.
  let title: String
  /// The number of each column.
  let columns: [Int]
  /// What is shown below the columns' numbers; nil for nothing.
  let labels: [Label]?
  let rows: [Row]
  let width: Int
  let colour: Bool
  private let nameWidth: Int
  private let numberWidth: Int
  /// The columns of one number beside the picture, with the space before it; 0 where they do not fit.
  private let cell: Int
  /// The columns of the picture in each piece.
  private let piece: Int

  /// Numbers are shown if the picture takes no more pieces with them.
  private static let mostPieces = 4
  /// The fewest numbers that are shown in a piece.
  private static let fewestNumbers = 3

  /// Measures the columns; numbers that have no room are not even written.
  init(
    title: String, columns: [Int], labels: [Label]? = nil, rows: [Row], width: Int, colour: Bool
  ) {
    self.title = title
    self.columns = columns
    self.labels = labels
    self.rows = rows
    self.width = width
    self.colour = colour
    nameWidth = max(
      title.count, labels == nil ? 0 : Self.labelTitle.count,
      rows.map { DisplayWidth.of($0.name) }.max() ?? 0)
    numberWidth = rows.map { DisplayWidth.of($0.number) }.max() ?? 0
    let room = width - Self.head(nameWidth, numberWidth)
    let narrowest = 8
    let most = max(0, (room - 1) / (2 + narrowest))
    let mayFit = most >= columns.count || most >= Self.fewestNumbers
    guard mayFit, columns.count <= Self.mostPieces * max(1, most) else {
      cell = 0
      piece = max(1, room / 2)
      return
    }
    let digits = rows.flatMap { $0.values.map { Self.number($0).count } }.max() ?? 0
    let needed = max(narrowest, 1 + digits)
    let count = (room - 1) / (2 + needed)
    let fits =
      count >= columns.count
      || count >= Self.fewestNumbers && columns.count <= Self.mostPieces * count
    cell = fits ? needed : 0
    piece = fits ? min(count, columns.count) : max(1, room / 2)
  }

  private static func head(_ name: Int, _ number: Int) -> Int { name + 2 + number + 2 }

  /// The columns before the picture.
  private var head: Int { Self.head(nameWidth, numberWidth) }

  /// Whether the numbers stand beside the picture.
  var hasNumbers: Bool { cell > 0 }

  /// The number of columns that stand side by side.
  var pieceSize: Int { piece }

  /// Returns the picture: in pieces of as many columns as fit, one below the other.
  var text: String {
    stride(from: 0, to: columns.count, by: piece).map { first in
      piecewise(first..<min(first + piece, columns.count))
    }.joined(separator: "\n")
  }

  private func piecewise(_ places: Range<Int>) -> String {
    var text = header(places)
    for (index, row) in rows.enumerated() {
      if index > 0, !row.name.isEmpty { text += "\n" }
      var line =
        DisplayWidth.padded(row.name, to: nameWidth, alignment: .left) + "  "
        + DisplayWidth.padded(row.number, to: numberWidth, alignment: .right) + "  "
      line += places.map { place in
        row.isInput && hasNumbers ? "  " : shade(row.values[place], scale: row.scale)
      }.joined()
      if hasNumbers {
        line +=
          " "
          + places.map {
            DisplayWidth.padded(Self.number(row.values[$0]), to: cell, alignment: .right)
          }.joined()
      }
      text += line.trimmingSpaces() + "\n"
    }
    return text
  }

  /// The columns' numbers: above the numbers, and every fifth above the picture.
  private func header(_ places: Range<Int>) -> String {
    var line = DisplayWidth.padded(title, to: head, alignment: .left)
    var picture = ""
    for place in places {
      let room = 2 * (place - places.lowerBound) - picture.count
      let number = "\(columns[place])"
      let isInside = head + picture.count + max(0, room) + number.count <= width
      if room >= 0, (place - places.lowerBound) % 5 == 0, isInside {
        picture += String(repeating: " ", count: room) + number
      }
    }
    line += DisplayWidth.padded(picture, to: 2 * places.count, alignment: .left)
    if hasNumbers {
      line +=
        " "
        + places.map { DisplayWidth.padded("\(columns[$0])", to: cell, alignment: .right) }
        .joined()
    }
    return line.trimmingSpaces() + "\n" + labelLine(places)
  }

  private static let labelTitle = "character"

  /// The columns' labels below their numbers, if they have some.
  private func labelLine(_ places: Range<Int>) -> String {
    guard let labels else { return "" }
    var line = DisplayWidth.padded(Self.labelTitle, to: head, alignment: .left)
    line += places.map { labels[$0].brief }.joined()
    if hasNumbers {
      line +=
        " "
        + places.map {
          DisplayWidth.padded(
            "\(labels[$0].sign) \(labels[$0].number)", to: cell, alignment: .right)
        }.joined()
    }
    return line.trimmingSpaces() + "\n"
  }

  private static func number(_ value: Float) -> String {
    NumberText.number(Double(value))
  }

  private static let shades = Array(" ░▒▓█")

  /// Two columns for one number.
  private func shade(_ value: Float, scale: Float) -> String {
    Self.shade(value, scale: scale, colour: colour)
  }

  private static func shade(_ value: Float, scale: Float, colour: Bool) -> String {
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

  /// Explains the signs: the shades from −bound to bound.
  static func legend(colour: Bool, bound: String = "1") -> String {
    let steps: [Float] = [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1]
    return "-\(bound) " + steps.map { shade($0, scale: 1, colour: colour) }.joined() + " \(bound)"
  }
}

extension String {
  /// The text without spaces at its end.
  fileprivate func trimmingSpaces() -> Substring {
    self[..<(lastIndex { $0 != " " }.map { index(after: $0) } ?? startIndex)]
  }
}

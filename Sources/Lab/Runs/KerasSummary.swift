import LabFormats

/// The table that Keras 3's `model.summary()` prints.
package struct KerasSummary: Equatable, Sendable {
  /// The model's name; this is Keras's.
  package var name = "sequential"
  /// The lines of the table.
  package var layers: [Layer]
  /// The number of all weights.
  package var parameters: Int { layers.reduce(0) { $0 + $1.parameters } }

  /// One line of the table.
  package struct Layer: Equatable, Sendable {
    /// The layer's name, such as `lstm_1`.
    package var name: String
    /// Its Keras class, such as `LSTM`.
    package var type: String
    /// The shape of its output; nil stands for any number.
    package var outputShape: [Int?]
    /// The number of its weights.
    package var parameters: Int
    /// Whether training changes them.
    package var trainable = true
  }

  /// Keras's line length on a terminal with the given number of columns.
  package static func lineLength(columns: Int) -> Int { max(40, min(88, columns - 4)) }

  /// Returns the summary; a line length of 76 is Keras's on 80 columns.
  package func text(lineLength: Int = 76) -> String {
    let widths = Self.widths(lineLength)
    let header = [("Layer (type)", "Output Shape", "Param #")]
    let body = layers.map { layer in
      (
        "\(Visible.line(layer.name)) (\(layer.type))", Self.shape(layer.outputShape),
        NumberText.count(layer.parameters)
      )
    }
    let rows = (header + body).map { Self.row([$0.0, $0.1, $0.2], widths) }
    let separator = Self.rule("├", "─", "┼", "┤", widths)
    return "Model: \"\(name)\"\n" + Self.rule("┏", "━", "┳", "┓", widths)
      + rows[0].map { "┃ \($0.joined(separator: " ┃ ")) ┃\n" }.joined()
      + Self.rule("┡", "━", "╇", "┩", widths)
      + rows.dropFirst().map { lines in
        lines.map { "│ \($0.joined(separator: " │ ")) │\n" }.joined()
      }.joined(separator: separator) + Self.rule("└", "─", "┴", "┘", widths) + totals
  }

  private var totals: String {
    let trainable = layers.reduce(0) { $0 + ($1.trainable ? $1.parameters : 0) }
    return " Total params: \(Self.count(parameters))\n Trainable params: \(Self.count(trainable))\n"
      + " Non-trainable params: \(Self.count(parameters - trainable))\n"
  }

  private static func count(_ count: Int) -> String {
    "\(NumberText.count(count)) (\(NumberText.bytes(4 * count)))"
  }

  /// The columns' widths without padding: Keras asks for 45, 35 and 20 % of the line, the table
  /// then takes back 10 columns for borders and padding as 3, 4 and 3.
  private static func widths(_ length: Int) -> [Int] {
    let first = length * 45 / 100
    let second = length * 80 / 100 - first
    return [first - 3, second - 4, length - first - second - 3]
  }

  private static func shape(_ lengths: [Int?]) -> String {
    "(\(lengths.map { $0.map(String.init) ?? "None" }.joined(separator: ", ")))"
  }

  private static func rule(
    _ left: String, _ line: String, _ cross: String, _ right: String, _ widths: [Int]
  ) -> String {
    let lines = widths.map { String(repeating: line, count: $0 + 2) }
    return left + lines.joined(separator: cross) + right + "\n"
  }

  /// Returns the lines of one row, each with its padded cells.
  private static func row(_ cells: [String], _ widths: [Int]) -> [[String]] {
    let wrapped = zip(cells, widths).map { wrap($0, to: $1) }
    let height = wrapped.map(\.count).max() ?? 1
    return (0..<height).map { line in
      wrapped.indices.map { column in
        let text = line < wrapped[column].count ? wrapped[column][line] : ""
        return DisplayWidth.padded(
          text, to: widths[column], alignment: column == 2 ? .right : .left)
      }
    }
  }

  /// Breaks text between words; a word longer than a line is cut.
  private static func wrap(_ text: String, to width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      let word = DisplayWidth.truncated(String(word), to: width)
      if let last = lines.last, DisplayWidth.of(last) + 1 + DisplayWidth.of(word) <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(word)
      }
    }
    return lines
  }
}

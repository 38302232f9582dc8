import LabFormats

/// One metric of a run, epoch by epoch.
struct LearningCurve {
  let run: Int
  let name: String
  let metric: String
  let points: [(epoch: Int, value: Double)]
}

/// Curves of several runs in the signs of a terminal: a letter a run; where several meet they take
/// turns.
struct CurvePlot {
  let curves: [LearningCurve]
  let width: Int
  let colour: Bool

  private static let height = 12
  private static let letters = Array("abcdefgh")
  /// Colours that are told apart on light and dark grounds, with and without red and green.
  private static let colours = [33, 208, 35, 170, 136, 37, 203, 99]

  /// Returns the plot with its axes and legend; empty without a finite value.
  var text: String {
    let points = curves.flatMap(\.points).filter { $0.value.isFinite }
    guard let low = points.map(\.value).min(), let high = points.map(\.value).max(),
      let first = points.map(\.epoch).min(), let last = points.map(\.epoch).max()
    else { return "" }
    let labels = [
      NumberText.metric(high), NumberText.metric((high + low) / 2), NumberText.metric(low),
    ]
    let margin = labels.map(\.count).max() ?? 0
    let columns = max(16, min(width, 100) - margin - 2)
    let signs = canvas(columns, low: low, high: high, first: first, last: last)
    var text = "\(Visible.line(curves[0].metric)) by epoch\n\n"
    for row in 0..<Self.height {
      let label = [0: labels[0], Self.height / 2: labels[1], Self.height - 1: labels[2]][row] ?? ""
      text += DisplayWidth.padded(label, to: margin, alignment: .right) + " │"
      text += line(signs[row]) + "\n"
    }
    text += String(repeating: " ", count: margin + 1) + "└" + String(repeating: "─", count: columns)
    let end = "\(last)"
    let start = "\(first)"
    let gap = max(1, columns - start.count - end.count)
    text +=
      "\n" + String(repeating: " ", count: margin + 2) + start
      + String(repeating: " ", count: gap) + end + "\n\n"
    return text + legend
  }

  /// The curve in each place; nil for none.
  private func canvas(
    _ columns: Int, low: Double, high: Double, first: Int, last: Int
  ) -> [[Int?]] {
    var met = [[[Int]]](
      repeating: [[Int]](repeating: [], count: columns), count: Self.height)
    for (curve, points) in curves.map(\.points).enumerated() {
      let finite = points.filter { $0.value.isFinite }
      for column in 0..<columns {
        let epoch =
          Double(first) + Double(last - first) * Double(column) / Double(max(1, columns - 1))
        guard let value = Self.value(at: epoch, of: finite) else { continue }
        let height = (high - value) / (high - low)
        let part = high > low && height.isFinite ? height : 0.5
        let row = min(Self.height - 1, max(0, Int((part * Double(Self.height - 1)).rounded())))
        met[row][column].append(curve)
      }
    }
    return met.map { row in
      row.enumerated().map { column, curves in
        curves.isEmpty ? nil : curves[column % curves.count]
      }
    }
  }

  /// The value at an epoch, on the line between its neighbours; nil outside.
  private static func value(at epoch: Double, of points: [(epoch: Int, value: Double)]) -> Double? {
    guard let next = points.firstIndex(where: { Double($0.epoch) >= epoch }) else { return nil }
    let after = points[next]
    if Double(after.epoch) == epoch { return after.value }
    guard next > 0 else { return nil }
    let before = points[next - 1]
    let part = (epoch - Double(before.epoch)) / Double(after.epoch - before.epoch)
    return before.value + part * (after.value - before.value)
  }

  private func line(_ signs: [Int?]) -> String {
    var text = ""
    for sign in signs[..<(signs.lastIndex { $0 != nil }.map { $0 + 1 } ?? 0)] {
      text += sign.map(letter) ?? " "
    }
    return text
  }

  private func letter(_ curve: Int) -> String {
    let letter = String(Self.letters[curve % Self.letters.count])
    guard colour else { return letter }
    return "\u{1B}[38;5;\(Self.colours[curve % Self.colours.count])m\(letter)\u{1B}[0m"
  }

  private var legend: String {
    curves.enumerated().map { index, curve in
      let last = curve.points.last.map { " → \(NumberText.metric($0.value))" } ?? " (none)"
      let first = curve.points.first.map { " \(NumberText.metric($0.value))" } ?? ""
      return "\(letter(index)) run \(curve.run) \(Visible.line(curve.name)):\(first)\(last)\n"
    }.joined()
  }
}

import Foundation
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
    guard let axis = Axis(points.map(\.value)), let first = points.map(\.epoch).min(),
      let last = points.map(\.epoch).max()
    else { return "" }
    let form = NumberForm(metrics: axis.marks)
    let labels = axis.marks.map(form.text)
    let margin = labels.map(\.count).max() ?? 0
    let columns = max(16, min(width, 100) - margin - 2)
    let signs = canvas(columns, axis, first: first, last: last)
    var text = "\(Visible.line(curves[0].metric)) by epoch"
    text += (axis.isLogarithmic ? ", on a logarithmic axis" : "") + "\n\n"
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

  /// The heights of values, from the greatest at 0 to the least at 1.
  private struct Axis {
    private let low, high: Double
    /// Whether equal factors are equally far apart.
    let isLogarithmic: Bool

    /// From this factor on between the greatest and the least a plain axis shows little but the
    /// greatest.
    private static let wide = 50.0

    /// Spans finite values; nil without any.
    init?(_ values: [Double]) {
      guard let least = values.min(), let greatest = values.max() else { return nil }
      isLogarithmic = least > 0 && greatest / least >= Self.wide
      (low, high) = (least, greatest)
    }

    /// What stands at the top, in the middle and at the bottom.
    var marks: [Double] {
      [high, isLogarithmic ? (high.squareRoot() * low.squareRoot()) : high / 2 + low / 2, low]
    }

    /// The place of a value.
    func height(_ value: Double) -> Double {
      guard high > low else { return 0.5 }
      let part =
        isLogarithmic ? log(high / value) / log(high / low) : (high - value) / (high - low)
      return part.isFinite ? min(1, max(0, part)) : 0.5
    }
  }

  /// The curve in each place; nil for none.
  private func canvas(_ columns: Int, _ axis: Axis, first: Int, last: Int) -> [[Int?]] {
    var met = [[[Int]]](
      repeating: [[Int]](repeating: [], count: columns), count: Self.height)
    for (curve, points) in curves.map(\.points).enumerated() {
      let finite = points.filter { $0.value.isFinite }
      for column in 0..<columns {
        let epoch =
          Double(first) + Double(last - first) * Double(column) / Double(max(1, columns - 1))
        guard let value = Self.value(at: epoch, of: finite) else { continue }
        let row = Int((axis.height(value) * Double(Self.height - 1)).rounded())
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
    let ends = curves.flatMap { [$0.points.first, $0.points.last] }.compactMap { $0?.value }
    let form = NumberForm(metrics: ends)
    return curves.enumerated().map { index, curve in
      let last = curve.points.last.map { " → \(form.text($0.value))" } ?? " (none)"
      let first = curve.points.first.map { " \(form.text($0.value))" } ?? ""
      let run = "run \(curve.run) "
      let room = width - 3 - run.count - first.count - last.count
      let name = DisplayWidth.truncated(
        Visible.line(curve.name), to: max(8, room))
      return "\(letter(index)) \(run)\(name):\(first)\(last)\n"
    }.joined()
  }
}

/// A line of text that shows how a number changed.
package enum Sparkline {
  private static let bars = Array("▁▂▃▄▅▆▇█")

  /// Returns one sign a value, the least as the lowest and the greatest as the highest bar.
  ///
  /// More than `width` values are thinned out evenly; the first and the last stay.
  package static func text(_ values: [Double], width: Int) -> String {
    let shown = thinned(Array(values.indices), to: max(2, width)).map { values[$0] }
    guard let least = shown.min(), let greatest = shown.max() else { return "" }
    let range = greatest - least
    return String(
      shown.map { value in
        let part = (value - least) / range
        guard range > 0, part.isFinite else { return bars[3] }
        return bars[min(7, Int(part * 8))]
      })
  }

  /// Returns at most `limit` elements at even distances, the first and the last among them.
  package static func thinned<Element>(_ elements: [Element], to limit: Int) -> [Element] {
    guard elements.count > limit, limit > 1 else { return elements }
    return (0..<limit).map { elements[$0 * (elements.count - 1) / (limit - 1)] }
  }
}

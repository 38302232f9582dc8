/// Distinct numbers of a feature that are fewer as float32, which is what a model reads.
package struct Collapse: Equatable, Sendable {
  /// The feature's place.
  package let feature: Int
  /// How many distinct numbers were read.
  package let distinct: Int
  /// How many of them are left, after scaling if there is one.
  package let left: Int
  /// The rows that were counted, all sequences one behind the other; nil for all there are.
  package let rows: Range<Int>?

  /// Counts the distinct numbers of each feature, as they were read and as float32: those of all rows, of
  /// more than 262,144 so many rows at a time.
  ///
  /// - Returns: The features that lose more of them than rounding makes of as many numbers that are
  ///   spread evenly, with the first rows where they do: of a thousand, one is enough; a million lose some
  ///   always.
  static func all(in data: Dataset, scaledBy normalization: Normalization?) -> [Collapse] {
    guard data.doubles != nil || normalization != nil else { return [] }
    let width = data.features
    let count = data.x.count / width
    var numbers: [Double] = []  // (rows that are counted)
    return (0..<width).compactMap { feature in
      for first in stride(from: 0, to: count, by: mostRows) {
        let rows = first..<min(first + mostRows, count)
        numbers.removeAll(keepingCapacity: true)
        for row in rows {
          let place = row * width + feature
          numbers.append(data.doubles?[place] ?? Double(data.x[place]))
        }
        numbers.sort()
        let collapse = Collapse(
          ofSorted: numbers, feature, rows: rows.count == count ? nil : rows
        ) {
          normalization?.scaled($0, feature) ?? Float($0)
        }
        if collapse.isTelling { return collapse }
      }
      return nil
    }
  }

  /// The rows that are sorted at a time.
  private static let mostRows = 1 << 18

  private init(
    ofSorted numbers: [Double], _ feature: Int, rows: Range<Int>?, as value: (Double) -> Float
  ) {
    // What rounds and scales keeps the order.
    var distinct = 0, left = 0
    var last = Double.nan
    var lastValue = Float.nan
    for number in numbers where number != last {
      distinct += 1
      last = number
      let value = value(number)
      if value != lastValue { left += 1 }
      lastValue = value
    }
    self.rows = rows
    self.feature = feature
    self.distinct = distinct
    self.left = left
  }

  /// n numbers, spread evenly from 0 to 1, are rounded to some 2²⁴ float32: about n²/2²⁵ are lost. This
  /// is eight times as many, but no more than half.
  private var isTelling: Bool {
    let count = Double(distinct)
    return Double(distinct - left) > min(count * count / 4_194_304, count / 2)
  }
}

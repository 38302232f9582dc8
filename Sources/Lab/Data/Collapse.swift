/// Distinct numbers of a feature that are fewer as float32, which is what a model reads.
package struct Collapse: Equatable, Sendable {
  /// The feature's place.
  package let feature: Int
  /// How many distinct numbers were read.
  package let distinct: Int
  /// How many of them are left, after scaling if there is one.
  package let left: Int

  /// Counts the distinct numbers of each feature in the first rows, as they were read and as float32.
  ///
  /// - Returns: The features that lose more of them than rounding makes of as many numbers that are
  ///   spread evenly: of a thousand, one is enough; a million lose some always.
  static func all(in data: Dataset, scaledBy normalization: Normalization?) -> [Collapse] {
    guard data.doubles != nil || normalization != nil else { return [] }
    return (0..<data.features).compactMap { feature in
      let count = min(data.x.count, mostRows * data.features)
      let places = stride(from: feature, to: count, by: data.features)
      var numbers =
        data.doubles.map { numbers in places.map { numbers[$0] } }
        ?? places.map { Double(data.x[$0]) }
      numbers.sort()
      let collapse = Collapse(ofSorted: numbers, feature) {
        normalization?.scaled($0, feature) ?? Float($0)
      }
      return collapse.isTelling ? collapse : nil
    }
  }

  /// The rows that are looked at, from the first on: a long series shows in them what it is.
  private static let mostRows = 1 << 18

  private init(ofSorted numbers: [Double], _ feature: Int, as value: (Double) -> Float) {
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

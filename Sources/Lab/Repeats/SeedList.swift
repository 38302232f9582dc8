package import LabFormats

/// The seeds of repeated runs, or their folds, each once, in the order in which they were named.
package struct SeedList: Equatable, Sendable {
  /// The numbers.
  package let seeds: [Int]

  /// The most that one command takes.
  package static let limit = 10_000

  /// Reads a list of numbers and ranges such as `1..10` or `1,5,9` or `1..3,7`.
  ///
  /// - Parameters:
  ///   - noun: What the numbers are.
  ///   - place: The option that they were given to.
  package init(
    _ text: String, of noun: String = "seed", where place: String = "--seeds"
  ) throws(LabError) {
    var seeds: [Int] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let range = Self.range(part) else {
        throw LabError(
          .usage, "`\(Visible.line(text))` is not a list of \(noun)s", where: place,
          next: Suggestion.ranges(for: text) { (try? SeedList($0)) != nil }
            + "write numbers from 0 and rising ranges: 1..10, or 1,5,9, or 1..3,7")
      }
      guard seeds.count + range.count <= Self.limit else {
        throw LabError(
          .usage, "`\(Visible.line(text))` names more than \(Self.limit) \(noun)s", where: place,
          next: "name fewer at a time")
      }
      seeds += range
    }
    if let again = seeds.indices.first(where: { seeds[..<$0].contains(seeds[$0]) }) {
      throw LabError(
        .usage, "\(noun) \(seeds[again]) is named twice", where: place,
        next: "name each once: two runs of one \(noun) have the same bits")
    }
    self.seeds = seeds
  }

  init(_ seeds: [Int]) { self.seeds = seeds }

  /// A number, or `FIRST..LAST`.
  private static func range(_ text: Substring) -> ClosedRange<Int>? {
    guard let dots = text.firstRange(of: "..") else { return number(text).map { $0...$0 } }
    guard let first = number(text[..<dots.lowerBound]), let last = number(text[dots.upperBound...]),
      first <= last, last - first < limit
    else {
      return number(text[..<dots.lowerBound]).flatMap { tooLong($0, text[dots.upperBound...]) }
    }
    return first...last
  }

  /// A range that is too long to make, as the shortest one that is too long to take.
  private static func tooLong(_ first: Int, _ last: Substring) -> ClosedRange<Int>? {
    guard let last = number(last), last - first >= limit else { return nil }
    return first...(first + limit)
  }

  private static func number(_ text: Substring) -> Int? {
    text.utf8.allSatisfy(Byte.isDigit) ? Int(text) : nil
  }
}

extension SeedList: CustomStringConvertible {
  /// The seeds as `--seeds` takes them, ranges where they follow one another.
  package var description: String {
    var parts: [ClosedRange<Int>] = []
    for seed in seeds {
      if let last = parts.last, last.upperBound < .max, last.upperBound + 1 == seed {
        parts[parts.count - 1] = last.lowerBound...seed
      } else {
        parts.append(seed...seed)
      }
    }
    return parts.map { part in
      part.count == 1 ? "\(part.lowerBound)" : "\(part.lowerBound)..\(part.upperBound)"
    }.joined(separator: ",")
  }
}

import Foundation
package import LabFormats

/// Numbers of units or time steps as a user names them: `7`, `0..9`, `0..9,20`.
package struct IndexRanges: Equatable, Sendable {
  private let ranges: [ClosedRange<Int>]
  private let option: String

  /// Reads a list of numbers and ranges, which `option` names in messages.
  package init(_ text: String, option: String) throws(LabError) {
    var ranges: [ClosedRange<Int>] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.components(separatedBy: "..").map { Int($0) }
      guard let first = ends[0], let last = ends[ends.count - 1], ends.count <= 2, first >= 0,
        first <= last
      else {
        throw LabError(
          .usage, "`\(Visible.line(text))` is not a list of numbers", where: option,
          next: Suggestion.ranges(for: text) { (try? IndexRanges($0, option: option)) != nil }
            + "write numbers and ranges, such as 7 or 0..9 or 0..9,20")
      }
      ranges.append(first...last)
    }
    self.ranges = ranges
    self.option = option
  }

  /// A single number.
  init(_ number: Int, option: String) {
    ranges = [number...number]
    self.option = option
  }

  /// The numbers below `count`, in ascending order: of a range as many as there are.
  ///
  /// - Throws: The nearest number where one is named, or a range begins, that is not there.
  func indices(below count: Int, what: String, where place: String) throws(LabError) -> [Int] {
    for range in ranges {
      _ = try Nearest.number(range.lowerBound, in: 0..<count, what: what, where: place)
    }
    return (0..<count).filter(contains)
  }

  /// Whether a number is one of these.
  func contains(_ number: Int) -> Bool { ranges.contains { $0.contains(number) } }
}

package import LabFormats

/// A part of a sweep's points, so that several machines share them out: every n-th.
package struct SweepShare: Equatable, Sendable {
  /// Which of the parts, from 1.
  package let number: Int
  /// The number of parts.
  package let count: Int

  /// Reads `3/32`.
  package init(_ text: String) throws(LabError) {
    let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 2, let number = numbers[0], let count = numbers[1],
      (1...SeedList.limit).contains(count), (1...count).contains(number)
    else {
      throw LabError(
        .usage, "`\(Visible.line(text))` is no part of a sweep", where: "--task",
        next: "write which of how many: 1/32 to 32/32")
    }
    self.number = number
    self.count = count
  }

  /// Whether a point is in this part.
  func contains(point: Int) -> Bool { point % count == number - 1 }

  /// Refuses a part that has no point.
  func require(points: Int) throws(LabError) {
    guard number > points else { return }
    throw LabError(
      .usage,
      "there is nothing to do for task \(number): the sweep has \(points) "
        + "point\(points == 1 ? "" : "s")", where: "--task",
      next: "share it out among at most \(points)")
  }
}

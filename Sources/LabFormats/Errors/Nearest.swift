/// Mistyped names and numbers out of range, told with the nearest right one.
package enum Nearest {
  /// Returns the name if it is known.
  package static func name(
    _ name: String, among known: [String], what: String, where place: String
  ) throws(LabError) -> String {
    if known.contains(name) { return name }
    let near = Suggestion.numbered(for: name, among: known)
    let shown = known.prefix(12).map { "`\($0)`" }.joined(separator: ", ")
    throw LabError(
      .notFound, "there is no \(what) `\(Visible.line(name))`", where: place,
      next: "\(near)there \(known.count == 1 ? "is" : "are") \(shown)"
        + (known.count > 12 ? ", … (\(known.count))" : ""))
  }

  /// Returns the number if it is in a range.
  package static func number(
    _ number: Int, in range: Range<Int>, what: String, where place: String
  ) throws(LabError) -> Int {
    if range.contains(number) { return number }
    let nearest = min(max(number, range.lowerBound), range.upperBound - 1)
    throw LabError(
      .notFound, "there is no \(what) \(number)", where: place,
      next: "allowed: \(range.lowerBound) to \(range.upperBound - 1); the nearest is \(nearest)")
  }
}

/// Mistyped names and numbers out of range, told with the nearest right one.
package enum Nearest {
  /// Returns the name if it is known.
  package static func name(
    _ name: String, among known: [String], what: String, where place: String
  ) throws(LabError) -> String {
    if known.contains(name) { return name }
    let near =
      numbered(name, among: known).map { "did you mean `\($0)`? " }
      ?? Suggestion.text(for: name, among: known)
    let shown = known.prefix(12).map { "`\($0)`" }.joined(separator: ", ")
    throw LabError(
      .notFound, "there is no \(what) `\(Visible.line(name))`", where: place,
      next: "\(near)there \(known.count == 1 ? "is" : "are") \(shown)"
        + (known.count > 12 ? ", … (\(known.count))" : ""))
  }

  /// The known name with the same letters and the nearest number, as `x2` for `x9`.
  private static func numbered(_ name: String, among known: [String]) -> String? {
    func parts(_ text: String) -> (letters: Substring, number: Int)? {
      let letters = text.prefix { $0.isLetter }
      return Int(text.dropFirst(letters.count)).map { (letters, $0) }
    }
    guard let (letters, number) = parts(name) else { return nil }
    let alike = known.filter { parts($0)?.letters == letters }
    return alike.min {
      abs((parts($0)?.number ?? 0) - number) < abs((parts($1)?.number ?? 0) - number)
    }
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

/// The known names that a user may have meant by an unknown one, as messages ask for them.
package enum Suggestion {
  /// Names that other programs use for the same thing.
  private static let aliases: KeyValuePairs<String, String> = [
    "mse": "mean_squared_error", "mae": "mean_absolute_error", "acc": "accuracy",
    "bce": "binary_crossentropy", "cross_entropy": "categorical_crossentropy",
    "lr": "learning_rate", "hidden_size": "units", "inner_activation": "recurrent_activation",
    "batch": "batch_size", "random_state": "seed", "validation_split": "split",
    "restore_best_weights": "restore_best", "clipnorm": "clip_norm", "clipvalue": "clip_value",
    "global_clipnorm": "global_clip_norm", "lr_schedule": "learning_rate_schedule",
    "training": "train", "val": "validation", "valid": "validation", "dev": "validation",
    "testing": "test", "i": "input", "f": "forget", "g": "cell", "c": "cell", "o": "output",
    "z": "update", "r": "reset", "done": "completed", "finished": "completed",
    "stopped": "interrupted", "torch": "pytorch", "rnn": "simple_rnn",
  ]

  /// Returns "did you mean `…`? ", or nothing when no name is near.
  package static func text(for name: String, among known: [String]) -> String {
    text(nearest(to: name, among: known).map { ["`\($0)`"] } ?? [])
  }

  /// Returns "did you mean …? " with at most three names, for names of users' own choice. One that begins
  /// with what was typed is near, however long it is.
  package static func several(for name: String, among known: [String]) -> String {
    let limit = max(1, name.count / 3)
    return text(
      known.enumerated()
        .map { (distance: distance(name, $1), position: $0, name: $1) }
        .filter { $0.distance <= limit || $0.name.hasPrefix(name) }
        .sorted { ($0.distance, $0.position) < ($1.distance, $1.position) }
        .prefix(3).map(\.name))
  }

  /// Returns "did you mean `…`? " with the name of the same letters and the nearest number, as `x2` for
  /// `x9`; where there is none, with the nearest name.
  static func numbered(for name: String, among known: [String]) -> String {
    sameLetters(name, among: known).map { text(["`\($0)`"]) } ?? text(for: name, among: known)
  }

  /// Returns "did you mean `0..3`? " for a list of numbers whose ranges have other signs between their
  /// ends, or the greater end first; nothing where that is not `right`.
  package static func ranges(for list: String, where isRight: (String) -> Bool) -> String {
    let parts = list.split(separator: ",").map { part in
      part.split { !$0.isASCII || !$0.isNumber }.map(String.init)
        .sorted { ($0.count, $0) < ($1.count, $1) }.joined(separator: "..")
    }
    let meant = parts.joined(separator: ",")
    return meant != list && isRight(meant) ? text(["`\(meant)`"]) : ""
  }

  private static func text(_ names: [String]) -> String {
    names.isEmpty ? "" : "did you mean \(names.joined(separator: ", "))? "
  }

  /// Returns the known name with the fewest edits, at most one for each three letters.
  package static func nearest(to name: String, among known: [String]) -> String? {
    let letters = String(name.lowercased().prefix(64))
    for (alias, meaning) in aliases where alias == letters && known.contains(meaning) {
      return meaning
    }
    var best: (name: String, distance: Int)?
    for candidate in known {
      let distance = distance(letters, candidate)
      if distance <= max(1, max(letters.count, candidate.count) / 3),
        distance < best?.distance ?? .max
      {
        best = (candidate, distance)
      }
    }
    return best?.name
  }

  private static func sameLetters(_ name: String, among known: [String]) -> String? {
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

  /// Counts the insertions, deletions, replacements and swaps of neighbours from one name to the other
  /// (optimal string alignment).
  private static func distance(_ first: String, _ second: String) -> Int {
    let a = Array(first), b = Array(second)
    var rows = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
    for i in 0...a.count { rows[i][0] = i }
    for j in 0...b.count { rows[0][j] = j }
    for i in stride(from: 1, through: a.count, by: 1) {
      for j in stride(from: 1, through: b.count, by: 1) {
        let replacement = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
        rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, replacement)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
        }
      }
    }
    return rows[a.count][b.count]
  }
}

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

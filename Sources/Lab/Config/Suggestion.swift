/// The known name that a user may have meant by an unknown one.
package enum Suggestion {
  /// Names that other programs use for the same thing.
  private static let aliases: KeyValuePairs<String, String> = [
    "mse": "mean_squared_error", "mae": "mean_absolute_error", "acc": "accuracy",
    "bce": "binary_crossentropy", "cross_entropy": "categorical_crossentropy",
    "lr": "learning_rate", "hidden_size": "units", "inner_activation": "recurrent_activation",
    "batch": "batch_size", "random_state": "seed", "validation_split": "split",
    "restore_best_weights": "restore_best", "clipnorm": "clip_norm", "clipvalue": "clip_value",
    "global_clipnorm": "global_clip_norm", "lr_schedule": "learning_rate_schedule",
  ]

  /// Returns "did you mean `…`? ", or nothing when no name is near.
  package static func text(for name: String, among known: [String]) -> String {
    guard let nearest = nearest(to: name, among: known) else { return "" }
    return "did you mean `\(nearest)`? "
  }

  /// Returns the known name with the fewest edits, at most one for each three letters.
  package static func nearest(to name: String, among known: [String]) -> String? {
    let letters = Array(name.lowercased().prefix(64))
    for (alias, meaning) in aliases where alias == String(letters) && known.contains(meaning) {
      return meaning
    }
    var best: (name: String, distance: Int)?
    for candidate in known {
      let distance = distance(letters, Array(candidate))
      if distance <= max(1, max(letters.count, candidate.count) / 3),
        distance < best?.distance ?? .max
      {
        best = (candidate, distance)
      }
    }
    return best?.name
  }

  /// Counts the insertions, deletions, replacements and swaps of neighbours from `a` to `b`
  /// (optimal string alignment).
  static func distance(_ a: [Character], _ b: [Character]) -> Int {
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

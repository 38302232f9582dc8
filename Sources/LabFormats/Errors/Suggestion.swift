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
    let letters = String(name.lowercased().prefix(64))
    for (alias, meaning) in aliases where alias == letters && known.contains(meaning) {
      return meaning
    }
    var best: (name: String, distance: Int)?
    for candidate in known {
      let distance = NearestNames.distance(letters, candidate)
      if distance <= max(1, max(letters.count, candidate.count) / 3),
        distance < best?.distance ?? .max
      {
        best = (candidate, distance)
      }
    }
    return best?.name
  }
}

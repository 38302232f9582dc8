/// Finds the names a mistyped one may stand for.
enum NearestNames {
  /// At most three names that are near, the nearest first, in the order given where equal.
  static func of(_ name: String, among known: [String]) -> [String] {
    let limit = max(1, name.count / 3)
    return known.enumerated()
      .map { (distance: distance(name, $1), position: $0, name: $1) }
      .filter { $0.distance <= limit || $0.name.hasPrefix(name) }
      .sorted { ($0.distance, $0.position) < ($1.distance, $1.position) }
      .prefix(3).map(\.name)
  }

  /// Number of insertions, deletions and replacements between two names (Levenshtein 1966).
  static func distance(_ first: String, _ second: String) -> Int {
    let columns = Array(second)
    var row = Array(0...columns.count)
    for (line, character) in first.enumerated() {
      var diagonal = row[0]
      row[0] = line + 1
      for column in columns.indices {
        let replaced = diagonal + (character == columns[column] ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, row[column] + 1, row[column + 1] + 1)
      }
    }
    return row[columns.count]
  }
}

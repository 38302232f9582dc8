/// Finds the names a mistyped one may stand for.
package enum NearestNames {
  /// At most three names that are near, the nearest first, in the order given where equal.
  package static func of(_ name: String, among known: [String]) -> [String] {
    let limit = max(1, name.count / 3)
    return known.enumerated()
      .map { (distance: distance(name, $1), position: $0, name: $1) }
      .filter { $0.distance <= limit || $0.name.hasPrefix(name) }
      .sorted { ($0.distance, $0.position) < ($1.distance, $1.position) }
      .prefix(3).map(\.name)
  }

  /// Counts the insertions, deletions, replacements and swaps of neighbours from one name to the other
  /// (optimal string alignment).
  package static func distance(_ first: String, _ second: String) -> Int {
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

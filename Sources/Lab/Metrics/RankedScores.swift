/// How well scores put the rows of a class before all others.
struct RankedScores {
  /// The area under the curve of true over false positive rates; NaN where all rows are of the class, or none.
  ///
  /// It is the probability that a row of the class has a greater score than another, a tie counting one half:
  /// exactly what scikit-learn's `roc_auc_score` integrates. Hanley and McNeil, 1982, "The meaning and use of
  /// the area under a receiver operating characteristic (ROC) curve".
  let area: Double

  /// Takes the score of each row, and whether it is of the class.
  init(_ rows: [(score: Float, isPositive: Bool)]) {
    let sorted = rows.sorted { $0.score < $1.score }
    var positives = 0, negatives = 0
    var twice = 0  // pairs that are in order, ties once, all others twice
    var start = 0
    while start < sorted.count {
      var end = start
      var tied = 0
      while end < sorted.count, sorted[end].score == sorted[start].score {
        if sorted[end].isPositive { tied += 1 }
        end += 1
      }
      let others = end - start - tied
      twice += tied * (2 * negatives + others)
      positives += tied
      negatives += others
      start = end
    }
    let pairs = positives * negatives
    area = pairs == 0 ? .nan : Double(twice) / Double(2 * pairs)
  }
}

/// How well classes are told apart: counts of what was predicted for what.
///
/// The scores are those of scikit-learn's `precision_recall_fscore_support` over all classes, in the order
/// of their numbers, with `zero_division` 0; as there, a mean is taken over the classes that occur.
package struct ClassScores {
  /// How often a class was predicted where another, or the same, was right.
  package struct Count: Equatable, Sendable {
    /// The class that was right.
    package let target: Int
    /// The class that was predicted.
    package let predicted: Int
    /// How often.
    package let count: Int
  }

  /// The scores of a class, or a mean of those of all.
  package struct Scores: Sendable {
    /// The share of the predictions of the class that are right.
    package var precision = 0.0
    /// The share of the rows of the class that are predicted.
    package var recall = 0.0
    /// The harmonic mean of both.
    package var f1 = 0.0
    /// The number of rows whose target is the class.
    package var support = 0
    /// Whether the class is any row's target or prediction.
    package var occurs = false
  }

  /// The number of classes.
  package let count: Int
  /// What occurs, by target and then by prediction.
  package let counts: [Count]
  /// The scores of each class.
  package let scores: [Scores]

  /// Counts pairs of classes, each below `count`.
  package init(_ pairs: some Sequence<(target: Int, predicted: Int)>, count: Int) {
    self.count = count
    var sorted = pairs.map { $0.target * count + $0.predicted }
    sorted.sort()
    var counts: [Count] = []
    var start = 0
    for index in sorted.indices
    where index + 1 == sorted.count || sorted[index + 1] != sorted[index] {
      counts.append(
        Count(
          target: sorted[index] / count, predicted: sorted[index] % count, count: index + 1 - start)
      )
      start = index + 1
    }
    self.counts = counts
    scores = Self.scores(counts, count)
  }

  private static func scores(_ counts: [Count], _ count: Int) -> [Scores] {
    var right = [Int](repeating: 0, count: count)
    var predicted = right, targets = right
    for pair in counts {
      targets[pair.target] += pair.count
      predicted[pair.predicted] += pair.count
      if pair.target == pair.predicted { right[pair.target] = pair.count }
    }
    func ratio(_ part: Int, _ whole: Int) -> Double {
      whole == 0 ? 0 : Double(part) / Double(whole)
    }
    return (0..<count).map { number in
      Scores(
        precision: ratio(right[number], predicted[number]),
        recall: ratio(right[number], targets[number]),
        f1: ratio(2 * right[number], targets[number] + predicted[number]),
        support: targets[number], occurs: targets[number] + predicted[number] > 0)
    }
  }

  /// The scores of the classes that are some row's target or prediction.
  package var occurring: [Scores] { scores.filter(\.occurs) }

  /// The mean of the scores of the classes that occur.
  package var macro: Scores { mean { $0.occurs ? 1 : 0 } }

  /// The mean in which a class counts as often as it is right.
  package var weighted: Scores { mean { Double($0.support) } }

  private func mean(_ weight: (Scores) -> Double) -> Scores {
    var sum = Scores()
    var whole = 0.0
    for one in scores {
      let weight = weight(one)
      whole += weight
      sum.precision += weight * one.precision
      sum.recall += weight * one.recall
      sum.f1 += weight * one.f1
      sum.support += one.support
    }
    guard whole > 0 else { return sum }
    return Scores(
      precision: sum.precision / whole, recall: sum.recall / whole, f1: sum.f1 / whole,
      support: sum.support)
  }

  /// What was predicted where another class was right, the most frequent first.
  package var mistakes: [Count] {
    counts.enumerated().filter { $0.element.target != $0.element.predicted }
      .sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
      .map(\.element)
  }

  /// A row a target, a column a prediction.
  package var matrix: [[Int]] {
    var matrix = [[Int]](repeating: [Int](repeating: 0, count: count), count: count)
    for pair in counts { matrix[pair.target][pair.predicted] = pair.count }
    return matrix
  }
}

import LabFormats
import LabStore

extension Outcomes {
  /// The most classes of which each is told.
  private static let mostClasses = 10
  /// The most targets that are told.
  private static let mostTargets = 4
  /// The most kinds of mistakes that are told.
  private static let mostMistakes = 5

  /// What they come to, in two lines: how many of each class are right and what others are taken for,
  /// or how far numbers are off.
  var facts: [Fact] {
    if let (titles, scores) = classes {
      var facts: [Fact] = []
      if titles.count <= Self.mostClasses {
        facts.add("\(split.rawValue) recall", Self.recall(titles, scores))
      }
      facts.add("\(split.rawValue) mistakes", Self.mistakes(titles, scores))
      return facts
    }
    guard let numbers else { return [] }
    var facts: [Fact] = []
    let (name, most) = (split.rawValue, Self.mostTargets)
    facts.add("\(name) RMSE", Self.told(numbers, most: most, \.rmse))
    facts.add("\(name) R²", Self.told(numbers, most: most, \.r2))
    return facts
  }

  private static func name(_ titles: ClassTitles, _ number: Int) -> String {
    Visible.shortened(Visible.line(titles.title(number)), to: 16)
  }

  /// `fell 1/1, rose 1/2`: right ones of those that there are.
  private static func recall(_ titles: ClassTitles, _ scores: ClassScores) -> String {
    let right = scores.counts.filter { $0.target == $0.predicted }
    return scores.scores.enumerated().map { number, one in
      let count = right.first { $0.target == number }?.count ?? 0
      return "\(name(titles, number)) \(count)/\(one.support)"
    }.joined(separator: ", ")
  }

  /// `rose as fell 1`: the most frequent ones first.
  private static func mistakes(_ titles: ClassTitles, _ scores: ClassScores) -> String {
    let all = scores.mistakes
    let shown = all.prefix(mostMistakes).map { pair in
      "\(name(titles, pair.target)) as \(name(titles, pair.predicted)) \(pair.count)"
    }
    guard !all.isEmpty else { return "none" }
    return shown.joined(separator: ", ") + (all.count > shown.count ? ", …" : "")
  }
}

package import LabFormats

/// The search for the first epoch that fails a test, among the epochs that stored their weights.
///
/// It is git's: the first epoch must pass, the last one fail, and one between them is tried until
/// they are neighbours. An epoch that cannot be tested is passed over.
package struct Bisection: Answer, Sendable {
  /// What a test says of an epoch.
  package enum Verdict: String, Sendable {
    case good, bad, skipped
  }

  /// How the search ended.
  package enum Outcome: Equatable, Sendable {
    /// This epoch fails, and the one tested before it passes.
    case found(Int)
    /// One of these is the first that fails; those between could not be tested.
    case among([Int])
    /// The last epoch passes: nothing fails.
    case neverBad(Int)
    /// The first epoch fails already.
    case alwaysBad(Int)
    /// The first or the last epoch cannot be tested.
    case untestable(Int)
  }

  /// The epochs tried, in the order of trying.
  package private(set) var trials: [(epoch: Int, verdict: Verdict)] = []
  /// How the search ended.
  package private(set) var outcome = Outcome.untestable(0)

  /// Searches among epochs in order, at least one.
  init(_ epochs: [Int], test: (Int) throws -> Verdict) rethrows {
    outcome = try search(epochs, test)
  }

  private mutating func search(
    _ epochs: [Int], _ test: (Int) throws -> Verdict
  ) rethrows -> Outcome {
    let last = epochs.count - 1
    switch try verdict(epochs[last], test) {
    case .good: return .neverBad(epochs[last])
    case .skipped: return .untestable(epochs[last])
    case .bad: break
    }
    if last == 0 { return .alwaysBad(epochs[0]) }
    switch try verdict(epochs[0], test) {
    case .bad: return .alwaysBad(epochs[0])
    case .skipped: return .untestable(epochs[0])
    case .good: break
    }
    var good = 0, bad = last
    var skipped: Set<Int> = []
    while let next = Self.middle(good, bad, without: skipped) {
      switch try verdict(epochs[next], test) {
      case .good: good = next
      case .bad: bad = next
      case .skipped: skipped.insert(next)
      }
    }
    return bad - good == 1 ? .found(epochs[bad]) : .among(Array(epochs[(good + 1)...bad]))
  }

  private mutating func verdict(
    _ epoch: Int, _ test: (Int) throws -> Verdict
  ) rethrows -> Verdict {
    let verdict = try test(epoch)
    trials.append((epoch, verdict))
    return verdict
  }

  /// The place nearest to the middle that can still be tried; of two the lower.
  private static func middle(_ good: Int, _ bad: Int, without skipped: Set<Int>) -> Int? {
    let middle = (good + bad) / 2
    return (good + 1..<bad).filter { !skipped.contains($0) }.min {
      (abs($0 - middle), $0) < (abs($1 - middle), $1)
    }
  }
}

extension Bisection {
  /// The epochs tried, in order of trying.
  package var table: Table {
    Table(
      columns: [.init("epoch", .integer), .init("verdict", .text)],
      rows: trials.map { [.integer($0.epoch), .text($0.verdict.rawValue)] })
  }

  /// Whether a first failing epoch, or a few that hold it, was found.
  package var hasFound: Bool {
    switch outcome {
    case .found, .among: true
    case .neverBad, .alwaysBad, .untestable: false
    }
  }

  /// Returns the outcome in a sentence.
  package func text(on screen: Screen) -> String { sentence + "\n" }

  private var sentence: String {
    switch outcome {
    case .found(let epoch): "The first epoch that fails is \(epoch)."
    case .among(let epochs):
      "The first epoch that fails is one of \(epochs.map(String.init).joined(separator: ", ")); "
        + "all but the last of them could not be tested."
    case .neverBad(let epoch): "No epoch fails: the last one, \(epoch), passes."
    case .alwaysBad(let epoch): "The first epoch, \(epoch), fails already."
    case .untestable(let epoch): "Epoch \(epoch) cannot be tested, and one end of the run must be."
    }
  }
}

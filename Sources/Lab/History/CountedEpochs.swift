import LabFormats
import LabStore

/// The epochs of a run that a question to its history looks at: those that it trained itself and that have
/// stored their weights, up to the one that is meant.
struct CountedEpochs {
  /// Ascending, at least one.
  let numbers: [Int]
  /// What is left out of those that were trained; empty for nothing.
  let missing: String

  /// - Throws: `LabError` where there is none.
  init(_ opened: OpenedRun, command: String) throws {
    let parent = opened.run.parentEpoch
    let first = max(1, (parent ?? 0) + 1)
    let last = try opened.epoch()
    numbers = try opened.database.epochs(of: opened.id, storing: .weights)
      .filter { first <= $0 && $0 <= last }
    guard !numbers.isEmpty else {
      let id = opened.id
      let later = "name a later one: lstm-lab \(command) \(id)@last\(opened.database.option)"
      if last < first, opened.run.epochs >= first {
        throw LabError(
          .notFound, "epoch \(last) is before the first that run \(id) trained, \(first)",
          where: opened.place, next: later)
      }
      throw LabError(
        .notFound, "run \(id) has stored no weights of the epochs that it trained, up to \(last)",
        where: opened.place,
        next: last < opened.run.epochs
          ? later : "see what it has stored: lstm-lab show \(id)\(opened.database.option)")
    }
    let left = last - first + 1 - numbers.count
    missing =
      (left > 0 ? "; \(NumberText.count(left)) more are not stored and do not count" : "")
      + (parent.map { "; those of its parent, up to \($0), do not count" } ?? "")
  }

  /// `1 to 100`, or `20` alone.
  var range: String {
    let (first, last) = (numbers[0], numbers[numbers.count - 1])
    return first == last ? "\(first)" : "\(first) to \(last)"
  }
}

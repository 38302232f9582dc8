package import LabFormats

/// What a check of a stored run has found.
package struct Verification: Answer, Sendable {
  let heading: String
  /// What was checked, and how much of it.
  var facts: [Fact] = []
  /// What is wrong, in the order of epochs.
  package internal(set) var problems: [Problem] = []

  /// Something that is not as it must be.
  package struct Problem: Equatable, Sendable {
    /// The epoch; nil for the run as a whole.
    package let epoch: Int?
    /// What it is about: a tensor, an optimizer's slot, the hash, ….
    package let part: String
    /// What is wrong with it.
    package let what: String
  }

  init(heading: String) { self.heading = heading }

  /// What is said where there are none.
  var verdict = "Every stored bit is what training gives."

  /// The most problems that are told.
  static let limit = 20

  /// Whether enough is known to stop.
  var isFull: Bool { problems.count >= Self.limit }

  mutating func add(_ epoch: Int?, _ part: String, _ what: String) {
    if !isFull { problems.append(Problem(epoch: epoch, part: part, what: what)) }
  }

  /// One row a problem.
  package var table: Table {
    Table(
      columns: [.init("epoch", .integer), .init("part", .text), .init("problem", .text)],
      rows: problems.map { problem in
        [
          problem.epoch.map(Table.Cell.integer) ?? .null, .text(problem.part),
          .text(problem.what),
        ]
      })
  }

  /// Returns what was checked, the verdict, and the problems.
  package func text(on screen: Screen) -> String {
    let lines = problems.map { problem in
      WrappedText.lines(
        (problem.epoch.map { "epoch \($0), " } ?? "") + "\(problem.part): \(problem.what)",
        width: screen.columns, hanging: "  ")
    }
    let verdict =
      problems.isEmpty
      ? "\(verdict)\n"
      : isFull
        ? "The first \(problems.count) problems:\n"
        : problems.count == 1 ? "One problem:\n" : "\(problems.count) problems:\n"
    return WrappedText.lines(heading, width: screen.columns)
      + "\n\(facts.text(width: screen.columns))\n\(verdict)\(lines.joined())"
  }
}

/// A mistake or a failure told to the user: what happened, where, and what to do next.
///
/// ```swift
/// let error = LabError(
///   .notFound, "there is no run 7", where: "lab.db", next: "list the runs with: lstm-lab runs")
/// #expect(
///   error.description == """
///     error: there is no run 7 (lab.db)
///       list the runs with: lstm-lab runs
///     """)
/// #expect(error.exitCode == 66)
/// ```
package struct LabError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What went wrong, as a clause without a full stop.
  package var what: String
  /// Where it went wrong: a path, `path:line:column`, a run, an epoch; empty when there is no place.
  package var `where`: String
  /// What to do next; empty when nothing can be advised.
  package var next: String
  /// The kind of failure, which decides the exit code.
  package var kind: Kind
  /// More problems of the same kind found in the same pass, in order.
  package var others: [LabError] = []

  /// The kinds of failure; the raw value is the process's exit code.
  package enum Kind: Int32, CaseIterable, Sendable {
    case usage = 64
    case data = 65
    case notFound = 66
    case software = 70
    case system = 71
    case cannotCreate = 73
    case inputOutput = 74
    case busy = 75
  }

  /// Texts may hold what others chose as it is: `description` makes it visible.
  package init(_ kind: Kind, _ what: String, where place: String = "", next: String = "") {
    self.kind = kind
    self.what = what
    self.where = place
    self.next = next
  }

  /// The exit code that the process ends with.
  package var exitCode: Int32 { kind.rawValue }

  /// `error: what (where)`, the advice indented on the next line, then the other problems likewise.
  package var description: String {
    ([self] + others).map(\.paragraph).joined(separator: "\n")
  }

  /// Paths, names and labels that others chose are made visible here, whatever the thrower did.
  private var paragraph: String {
    let place = self.where.isEmpty ? "" : " (\(Visible.line(self.where)))"
    let advice = next.isEmpty ? "" : "\n  \(Visible.paragraph(next))"
    return "error: \(Visible.line(what))\(place)\(advice)"
  }
}

/// Something that is allowed and almost always a mistake: what, where, and what to do next.
package struct LabWarning: Equatable, Sendable, CustomStringConvertible {
  /// What was found.
  package let what: String
  /// The file and the key that it is about.
  package let place: String
  /// What to do about it.
  package let next: String

  /// Texts are as in `LabError`: a clause, a place, an advice.
  package init(_ what: String, where place: String, next: String) {
    self.what = what
    self.place = place
    self.next = next
  }

  /// What and where, in one line.
  package var brief: String { "\(what) (\(place))" }

  /// The text for people, like that of an error.
  package var description: String {
    "warning: \(Visible.line(what)) (\(Visible.line(place)))\n  \(Visible.paragraph(next))"
  }
}

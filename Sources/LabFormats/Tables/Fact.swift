/// A name and its value, one line of a list of facts.
package struct Fact: Equatable, Sendable {
  /// What the value is.
  package let name: String
  /// The value as it is shown.
  package let value: String

  /// The value is made visible only when it is shown.
  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

extension [Fact] {
  /// Appends a fact, unless there is nothing to say.
  package mutating func add(_ name: String, _ value: String?) {
    if let value, !value.isEmpty { append(Fact(name, value)) }
  }

  /// One line a fact, the values below one another.
  ///
  /// - Parameter width: The columns of the terminal: long values go on in the next line, and a word
  ///   that has no room in one is cut. Nil for a pipe, where every fact is one line.
  package func text(width: Int? = nil) -> String {
    let nameWidth = map { DisplayWidth.of($0.name) }.max() ?? 0
    let hanging = String(repeating: " ", count: nameWidth + 2)
    let room = width.map { Swift.max(TextGrid.narrowest, $0 - nameWidth - 2) }
    return map { fact in
      let words = Visible.line(fact.value).split(separator: " ", omittingEmptySubsequences: false)
        .map { word in room.map { DisplayWidth.truncated(String(word), to: $0) } ?? String(word) }
      return WrappedText.lines(
        words.joined(separator: " "), width: width,
        indent: DisplayWidth.padded(fact.name, to: nameWidth + 2, alignment: .left),
        hanging: hanging)
    }.joined()
  }
}

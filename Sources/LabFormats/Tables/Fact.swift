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
  package var text: String {
    let width = map { DisplayWidth.of($0.name) }.max() ?? 0
    return map { fact in
      DisplayWidth.padded(fact.name, to: width, alignment: .left) + "  "
        + Visible.line(fact.value) + "\n"
    }.joined()
  }
}

/// A part of a layer by its name: a tensor, a gate or a state; in a two-way layer of one direction.
package struct LayerPart: Equatable, Sendable {
  /// A direction in which a two-way layer reads its sequences.
  package enum Direction: String, Sendable {
    /// From the first step to the last.
    case forward
    /// From the last step to the first.
    case backward
  }

  /// The direction; nil in a layer that has but one.
  package let direction: Direction?
  /// `kernel`, `forget`, `hidden_state`, …; nil for all of a layer without gates.
  package let name: String?

  /// Names a part.
  package init(_ direction: Direction?, _ name: String?) {
    self.direction = direction
    self.name = name
  }

  /// Reads the two columns that the file has for a gate or a state.
  init(direction: String?, name: String?) {
    self.init(direction.flatMap(Direction.init), name)
  }

  /// Reads the text by which the file and the views call a part: `kernel`, `backward/forget`.
  package init(_ text: String) {
    let scalars = text.unicodeScalars
    let slash = scalars.firstIndex(of: "/")
    direction = Direction(rawValue: String(text[..<(slash ?? text.endIndex)]))
    name = direction == nil ? text : slash.map { String(text[scalars.index(after: $0)...]) }
  }

  /// The text by which the file and the views call the part; nil for all of a layer without gates.
  package var text: String? {
    let words = [direction?.rawValue, name].compactMap { $0 }
    return words.isEmpty ? nil : words.joined(separator: "/")
  }
}

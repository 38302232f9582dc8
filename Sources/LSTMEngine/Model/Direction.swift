/// A direction in which a two-way layer reads its sequences, by the name in its tensors.
package enum Direction: String, CaseIterable, Sendable {
  /// From the first step to the last.
  case forward
  /// From the last step to the first.
  case backward
}

extension Direction? {
  /// Returns the name by which a part of one direction is stored and shown, `backward/forget`; that
  /// of a layer with one direction alone is `forget`.
  func path(_ name: String) -> String { map { "\($0.rawValue)/\(name)" } ?? name }
}

/// A direction in which a two-way layer reads its sequences, by the name in its tensors.
package enum Direction: String, CaseIterable, Sendable {
  /// From the first step to the last.
  case forward
  /// From the last step to the first.
  case backward
}

/// What the loss of one class's samples is multiplied by.
package struct ClassWeight: Equatable, Sendable {
  /// The class: its number, or its name where the data have names.
  package var label: String
  /// The factor, from 0.
  package var weight: Double

  /// Makes the weight of a class.
  package init(_ label: String, _ weight: Double) {
    self.label = label
    self.weight = weight
  }
}

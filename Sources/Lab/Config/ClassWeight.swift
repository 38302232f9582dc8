import LabFormats

/// What the loss of one class's samples is multiplied by.
package struct ClassWeight: Equatable, Sendable {
  /// The class: its number, or its name where the data have names.
  package var label: String
  /// The factor, from 0.
  package var weight: Double

  /// Whether the data have the class is checked with them, not here.
  package init(_ label: String, _ weight: Double) {
    self.label = label
    self.weight = weight
  }
}

extension ClassWeight {
  /// An object of one number a class; the classes themselves are checked with the data.
  static var rule: Rule<[ClassWeight]> {
    let weight = Rule<Double>.notNegative
    let form = ValueForm(
      [
        "type": .string("object"), "minProperties": .integer(1),
        "additionalProperties": .object(weight.form().keywords),
      ], words: "an object with one number for each class: `{\"0\": 1.0, \"1\": 3.0}`")
    return Rule(
      allowed: "an object with one number for each class: {\"0\": 1.0, \"1\": 3.0}", fallback: [],
      form: form,
      read: { node in
        guard node.value.kind == .object, node.value.count > 0 else { return nil }
        let weights = node.value.members.map { member in
          ClassWeight(member.key, weight(node.member(member.key, member.value)))
        }
        return weights.sorted { order($0.label, $1.label) }
      }, text: { .object($0.map { JSONTextMember($0.label, .real($0.weight)) }) })
  }

  /// Numbers by value, then names by their code units: one order for equal weights.
  private static func order(_ a: String, _ b: String) -> Bool {
    switch (Int(a), Int(b)) {
    case (let a?, let b?) where a != b: a < b
    case (_?, nil): true
    case (nil, _?): false
    default: a.utf8.lexicographicallyPrecedes(b.utf8)
    }
  }
}

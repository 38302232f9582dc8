import LabFormats

extension ClassWeight {
  /// An object of one number a class; the classes themselves are checked with the data.
  static var rule: Rule<[ClassWeight]> {
    let allowed = "an object of one number a class: {\"0\": 1.0, \"1\": 3.0}"
    return Rule(allowed: allowed, fallback: []) { node in
      guard node.value.kind == .object, node.value.count > 0 else { return nil }
      let weights = node.value.members.map { member in
        ClassWeight(member.key, Rule.notNegative(node.member(member.key, member.value)))
      }
      return weights.sorted { Self.order($0.label, $1.label) }
    }
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

  static func text(_ weights: [ClassWeight]) -> JSONText? {
    weights.isEmpty
      ? nil : .object(weights.map { JSONTextMember($0.label, .real($0.weight)) })
  }
}

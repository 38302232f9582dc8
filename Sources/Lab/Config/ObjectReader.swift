import LabFormats

/// Reads the members of one object and refuses the keys that nobody asked for.
final class ObjectReader {
  let node: ConfigNode
  private let members: [JSONMember]
  private var known: [String] = []
  private var isOpen = false
  private let problemsBefore: Int

  init(_ node: ConfigNode) {
    self.node = node
    members = node.value.members
    problemsBefore = node.problems.count
  }

  /// Whether nothing of the object was refused so far.
  var isSound: Bool { node.problems.count == problemsBefore }

  /// Reads a key that must be there.
  func required<Value>(_ key: String, _ rule: Rule<Value>) -> Value {
    if let value = optional(key, rule) { return value }
    node.note("`\(node.path(of: key))` is missing", next: "allowed: \(rule.allowed)")
    return rule.fallback
  }

  /// Reads a key that may be absent.
  func optional<Value>(_ key: String, _ rule: Rule<Value>) -> Value? {
    known.append(key)
    guard let member = members.first(where: { $0.key == key }) else { return nil }
    return rule(node.member(key, member.value))
  }

  /// Accepts keys without reading them; they are suggested for unknown ones.
  func allow(_ keys: [String]) { known += keys }

  func contains(_ key: String) -> Bool { members.contains { $0.key == key } }

  /// Accepts any further key: what is allowed is not known, because an earlier value was refused.
  func acceptAnyKey() { isOpen = true }

  /// Refuses every key that was not read, naming the nearest one that could have been.
  func finish() {
    guard !isOpen else { return }
    for member in members where !known.contains(member.key) {
      node.problems.add(unknown(member))
    }
  }

  private func unknown(_ member: JSONMember) -> LabError {
    let place = node.path.isEmpty ? "" : " in \(node.path)"
    let key = Visible.shortened(Visible.line(member.key), to: 40)
    let advice = Suggestion.text(for: member.key, among: known)
    return LabError(
      .data, "unknown key `\(key)`\(place)", where: member.keyValue.place,
      next: "\(advice)allowed: \(known.joined(separator: ", "))")
  }
}

import LabFormats

extension ConfigChange {
  /// The changes that make the training of one stored configuration that of another, as a fork's is
  /// made of its parent's; each as small as can be.
  static func between(_ parent: String, _ child: String) throws(LabError) -> [ConfigChange] {
    func training(_ json: String) throws(LabError) -> [JSONMember] {
      try JSONDocument(json, source: "stored configuration").root.members
        .first { $0.key == "training" }?.value.members ?? []
    }
    let before = try training(parent), after = try training(child)
    var changes: [ConfigChange] = []
    for member in before where !after.contains(where: { $0.key == member.key }) {
      changes.append(try ConfigChange("training.\(member.key)=null"))
    }
    for member in after {
      let old = before.first { $0.key == member.key }?.value
      for change in difference(old, member.value, at: "training.\(member.key)") {
        changes.append(try ConfigChange(change))
      }
    }
    return changes
  }

  /// Where two objects have the same keys, the differences between their values; else the whole.
  private static func difference(_ old: JSONValue?, _ new: JSONValue, at path: String) -> [String] {
    if let old, old.bytes == new.bytes { return [] }
    let members = new.members
    if let old, !members.isEmpty, old.members.map(\.key) == members.map(\.key) {
      return zip(old.members, members).flatMap {
        difference($0.value, $1.value, at: "\(path).\($1.key)")
      }
    }
    return ["\(path)=\(String(decoding: new.bytes, as: UTF8.self))"]
  }
}

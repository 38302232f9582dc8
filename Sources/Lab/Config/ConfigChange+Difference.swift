import LabFormats

extension ConfigChange {
  /// The changes that make the data and the training of one stored configuration those of another, as a
  /// fork's are made of its parent's; each as small as can be.
  ///
  /// - Parameter parts: The members of a configuration that are compared.
  static func between(
    _ parent: String, _ child: String, in parts: [String] = ["data", "training"]
  ) throws(LabError) -> [ConfigChange] {
    func members(_ part: String, of json: String) throws(LabError) -> [JSONMember] {
      try JSONDocument(json, source: "stored configuration").root.members
        .first { $0.key == part }?.value.members ?? []
    }
    var changes: [ConfigChange] = []
    for part in parts {
      let before = try members(part, of: parent), after = try members(part, of: child)
      for member in before where !after.contains(where: { $0.key == member.key }) {
        changes.append(ConfigChange(path: "\(part).\(member.key)", value: "null"))
      }
      for member in after {
        let old = before.first { $0.key == member.key }?.value
        changes += difference(old, member.value, at: "\(part).\(member.key)")
      }
    }
    return changes
  }

  /// Where two objects have the same keys, the differences between their values; else the whole.
  private static func difference(
    _ old: JSONValue?, _ new: JSONValue, at path: String
  ) -> [ConfigChange] {
    if let old, old.bytes == new.bytes { return [] }
    let members = new.members
    if let old, !members.isEmpty, old.members.map(\.key) == members.map(\.key) {
      return zip(old.members, members).flatMap {
        difference($0.value, $1.value, at: "\(path).\($1.key)")
      }
    }
    if path == "model.layers", let others = old.map({ Array($0.elements) }) {
      let layers = Array(new.elements)
      if layers.count == others.count {
        return layers.indices.flatMap { difference(others[$0], layers[$0], at: "\(path).\($0)") }
      }
    }
    return [ConfigChange(path: path, value: String(decoding: new.bytes, as: UTF8.self))]
  }
}

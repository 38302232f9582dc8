extension JSONText {
  /// Makes the value that a text holds; the text itself, as a string, where it is not JSON.
  package init(json text: String) {
    let document = try? JSONDocument(text, source: "")
    self = document.map { JSONText($0.root) } ?? .string(text)
  }

  /// Makes the value that stands in a document.
  package init(_ value: JSONValue) {
    switch value.kind {
    case .null: self = .null
    case .bool: self = .bool(value.bool == true)
    case .number: self = value.integer.map(JSONText.integer) ?? .real(value.double ?? 0)
    case .string: self = .string(value.string ?? "")
    case .array: self = .array(value.elements.map { JSONText($0) })
    case .object:
      self = .object(value.members.map { JSONTextMember($0.key, JSONText($0.value)) })
    }
  }
}

/// A JSON Schema (draft 2020-12), as far as `docs/config.schema.json` makes use of it.
///
/// A keyword that is not known here is an error: what the file says must mean something.
struct JSONSchema {
  let root: JSONTree
  private let patterns: [String: Regex<AnyRegexOutput>]
  /// What `#/$defs/NAME` leads to.
  private let definitions: [String: JSONTree]

  /// Keywords that say nothing of values of another kind.
  private static let keywordsOfOneKind = [
    "items", "properties", "additionalProperties", "pattern", "required", "dependentRequired",
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minItems", "maxItems",
    "minProperties", "maxLength", "uniqueItems",
  ]

  struct Mistake: Error {
    let what: String
  }

  init(_ root: JSONTree) throws {
    self.root = root
    var patterns: [String: Regex<AnyRegexOutput>] = [:]
    for pattern in root.patterns {
      patterns[pattern] = try Regex(pattern).matchingSemantics(.unicodeScalar)
    }
    self.patterns = patterns
    let named = root["$defs"]?.members ?? [:]
    definitions = Dictionary(
      uniqueKeysWithValues: named.map { ("#/$defs/" + $0.key, $0.value) })
  }

  /// Whether the schema takes a value.
  func accepts(_ value: JSONTree) throws -> Bool { try accepts(value, by: root) }

  /// The schema that a pointer such as `#/$defs/lstm` leads to.
  func schema(at pointer: String) throws -> JSONTree {
    try pointer.split(separator: "/").dropFirst().reduce(root) { schema, key in
      guard let next = schema[String(key)] else { throw Mistake(what: "nothing is at \(pointer)") }
      return next
    }
  }

  private func accepts(_ value: JSONTree, by schema: JSONTree) throws -> Bool {
    try schema.members?.allSatisfy { try judge(value, $0.key, $0.value, of: schema) } ?? true
  }

  private func judge(
    _ value: JSONTree, _ keyword: String, _ argument: JSONTree, of schema: JSONTree
  ) throws -> Bool {
    switch (keyword, argument, value) {
    case ("$schema", _, _), ("$defs", _, _), ("title", _, _), ("description", _, _),
      ("default", _, _):
      true
    case ("$ref", .string(let pointer), _):
      try accepts(value, by: definitions[pointer] ?? self.schema(at: pointer))
    case ("oneOf", .array(let choices), _):
      try choices.filter { try accepts(value, by: $0) }.count == 1
    case ("not", _, _): try !accepts(value, by: argument)
    case ("items", _, .array(let elements)):
      try elements.allSatisfy { try accepts($0, by: argument) }
    case ("properties", .object(let known), .object(let members)):
      try members.allSatisfy { key, member in
        try known[key].map { try accepts(member, by: $0) } ?? true
      }
    case ("additionalProperties", _, .object(let members)):
      try members.filter { schema["properties"]?[$0.key] == nil }
        .allSatisfy { try argument == .bool(false) ? false : accepts($0.value, by: argument) }
    case ("pattern", .string(let pattern), .string(let text)):
      try patterns[pattern]?.firstMatch(in: text) != nil
    default: try Self.judgePlain(value, keyword, argument)
    }
  }

  /// The keywords that look at nothing but the value itself; they pass values of other kinds.
  private static func judgePlain(
    _ value: JSONTree, _ keyword: String, _ argument: JSONTree
  ) throws -> Bool {
    switch (keyword, argument, value) {
    case ("type", .string(let type), _): value.isOf(type: type)
    case ("enum", .array(let choices), _): choices.contains(value)
    case ("const", _, _): argument == value
    case ("required", .array(let keys), .object(let members)):
      keys.allSatisfy { members[$0.string ?? ""] != nil }
    case ("dependentRequired", .object(let rules), .object(let members)):
      rules.allSatisfy { key, needed in
        members[key] == nil
          || needed.elements?.allSatisfy { members[$0.string ?? ""] != nil } == true
      }
    case ("minimum", .number(let bound), .number(let number)): number >= bound
    case ("maximum", .number(let bound), .number(let number)): number <= bound
    case ("exclusiveMinimum", .number(let bound), .number(let number)): number > bound
    case ("exclusiveMaximum", .number(let bound), .number(let number)): number < bound
    case ("minItems", .number(let bound), .array(let elements)): elements.count >= Int(bound)
    case ("maxItems", .number(let bound), .array(let elements)): elements.count <= Int(bound)
    case ("minProperties", .number(let bound), .object(let members)): members.count >= Int(bound)
    case ("maxLength", .number(let bound), .string(let text)):
      text.unicodeScalars.count <= Int(bound)
    case ("uniqueItems", .bool(true), .array(let elements)):
      elements.indices.allSatisfy { !elements[..<$0].contains(elements[$0]) }
    default:
      if Self.keywordsOfOneKind.contains(keyword) {
        true
      } else {
        throw Mistake(what: "unknown keyword \(keyword)")
      }
    }
  }
}

extension JSONTree {
  fileprivate func isOf(type: String) -> Bool {
    switch (type, self) {
    case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool),
      ("number", .number):
      true
    case ("integer", .number(let number)): number == number.rounded()
    default: false
    }
  }

  /// The patterns of all schemas within.
  fileprivate var patterns: [String] {
    let inner = (members.map { Array($0.values) } ?? []) + (elements ?? [])
    return (self["pattern"]?.string.map { [$0] } ?? []) + inner.flatMap(\.patterns)
  }
}

import LabFormats

/// Values at the edges of what a schema allows: those that it takes, and those just beyond and of
/// other kinds.
struct SchemaEdges {
  typealias Member = (key: String, value: String)

  private(set) var taken: [String] = []
  private(set) var refused = ["null"]
  private let schema: JSONValue?
  private let root: JSONValue

  /// A value that is taken.
  var least: String { taken[0] }

  init(of schema: JSONValue?, in root: JSONValue) {
    self.root = root
    self.schema = schema?.target(in: root)
    guard let schema = self.schema else { return }
    if let value = schema["const"] {
      taken = [value.source]
      refused += [#""zzz""#, "1"]
    } else if let names = schema["enum"] {
      taken = names.elements.map(\.source)
      refused += [#""zzz""#, "1"]
    } else if schema["oneOf"] != nil {
      taken = schema.alternatives.map { SchemaEdges(of: $0, in: root).least }
      refused += ["true", "3"]
    } else {
      addEdges(of: schema)
    }
  }

  private mutating func addEdges(of schema: JSONValue) {
    switch schema["type"]?.string {
    case "boolean":
      taken = ["true", "false"]
      refused += ["1", #""true""#]
    case "integer":
      let least = schema["minimum"]?.integer ?? 0, most = schema["maximum"]?.integer ?? 0
      taken = ["\(least)", "\(most)"]
      refused += ["\(least - 1)", "\(UInt(most) + 1)", "\(least).0", #""1""#]
    case "number": addNumbers(of: schema)
    case "string":
      let texts = ["a", "a.npy", "a.ts", "a.csv", "a.safetensors"].map { "\"\($0)\"" }
      let pattern = schema["pattern"]?.string ?? ""
      let end =
        pattern.contains("\\.(")
        ? String(Self.firstEnding(of: pattern)) : ""
      taken = texts.filter { end.isEmpty ? $0 == "\"a\"" : $0.hasSuffix(".\(end)\"") }
      refused += ["1", "\"a\\u001b" + (end.isEmpty ? "" : ".\(end)") + "\""]
      if !end.isEmpty { refused += [#""a""#, "\".\(end)\""] }
    case "array": addArrays(of: schema)
    default: addObjects(of: schema)
    }
  }

  /// The first of the endings that a path's pattern allows: `ts` of `\.(ts|npy)$`, and of
  /// `\.([tT][sS]|…)$`.
  private static func firstEnding(of pattern: String) -> String {
    let endings = pattern.drop { $0 != "(" }.dropFirst()
    let first = endings.prefix { $0 != "|" && $0 != ")" }
    guard first.contains("[") else { return String(first) }
    return first.split(separator: "[").map { String($0.prefix(1)) }.joined()
  }

  /// A bound is the last number that is taken, or one behind it.
  private mutating func addNumbers(of schema: JSONValue) {
    taken = [schema["minimum"], schema["maximum"]].compactMap { $0?.source }
    refused += [#""1""#]
    if let bound = schema["minimum"]?.double { refused.append("\(bound.nextDown)") }
    if let bound = schema["maximum"]?.double { refused.append("\(bound.nextUp)") }
    if let bound = schema["exclusiveMinimum"]?.double {
      taken.append("\(bound.nextUp)")
      refused.append("\(bound)")
    }
    if let bound = schema["exclusiveMaximum"]?.double {
      taken.append("\(bound.nextDown)")
      refused.append("\(bound)")
    }
  }

  private mutating func addArrays(of schema: JSONValue) {
    let item = SchemaEdges(of: schema["items"], in: root).least
    let isFilled = (schema["minItems"]?.integer ?? 0) > 0
    taken = [isFilled ? "[\(item)]" : "[]", "[\(item)]"]
    refused += ["{}", "1", "[null]"] + (isFilled ? ["[]"] : [])
    if schema["uniqueItems"]?.bool == true { refused.append("[\(item),\(item)]") }
  }

  /// The longest list that is taken, and one with an element more; nil where that is no list, or too
  /// long a one.
  var longest: (taken: String, refused: String)? {
    guard let most = schema?["maxItems"]?.integer, most <= 10_000,
      let items = schema?["items"]?.target(in: root), items["enum"] == nil
    else { return nil }
    let item = SchemaEdges(of: items, in: root).least
    let isSet = schema?["uniqueItems"]?.bool == true
    let isNumber = items["type"]?.string == "integer"
    let elements = (0...most).map { isSet ? (isNumber ? "\($0)" : "\"a\($0)\"") : item }
    return (
      "[" + elements.dropLast().joined(separator: ",") + "]",
      "[" + elements.joined(separator: ",") + "]"
    )
  }

  private mutating func addObjects(of schema: JSONValue) {
    refused += ["[]", "1"]
    if let other = schema["additionalProperties"], other.kind == .object {
      taken = ["{\"0\":\(SchemaEdges(of: other, in: root).least)}"]
      refused += ["{}", #"{"0":null}"#]
    } else {
      taken = [Self.object(Self.leastMembers(of: schema, in: root))]
      refused.append(#"{"zzzz":1}"#)
    }
  }

  /// Keys without which what is least for each key alone is refused, by the names of objects, or
  /// by the keys that they must have.
  private static let company: [String: [Member]] = [
    "copy_memory": [("entries", "1")], "cosine_decay": [("warmup_target", "1")],
    "folds fold": [("folds", "1000000")], "rolling fold": [("rolling", "1000000")],
  ]

  /// Keys that may be left out on a text only, which no schema says, by the names of objects.
  static let toldByText: [String: [Member]] = [
    "embedding": [("input_dim", "1")], "dense": [("units", "1")],
  ]

  /// The members of the least object that a schema takes.
  static func leastMembers(of schema: JSONValue, in root: JSONValue) -> [Member] {
    let properties = schema["properties"]
    let name = properties?.members.compactMap { $0.value["const"]?.string }.first
    let required = schema["required"]?.elements.compactMap(\.string) ?? []
    let known = company[name ?? required.joined(separator: " ")] ?? toldByText[name ?? ""] ?? []
    let needed = (schema["dependentRequired"]?.members ?? [])
      .flatMap { $0.value.elements.compactMap(\.string) }
      .filter { key in !required.contains(key) && !known.contains { $0.key == key } }
    let others = required.filter { key in !known.contains { $0.key == key } }
    return (others + needed).map { ($0, SchemaEdges(of: properties?[$0], in: root).least) }
      + known
  }

  static func object(_ members: [Member]) -> String {
    "{" + members.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
  }
}

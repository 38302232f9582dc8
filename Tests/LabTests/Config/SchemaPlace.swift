import Lab
import LabFormats
import Testing

/// An object of the configuration as the generated schema has it, and a whole configuration around it.
struct SchemaPlace: Sendable, CustomTestStringConvertible {
  /// Its path in messages.
  let path: String
  /// Its name among the definitions, if it has one.
  let name: String
  let schema: JSONValue
  let root: JSONValue
  private let least: [SchemaEdges.Member]
  private let whole: @Sendable (String) -> String

  private init(
    _ path: String, _ name: String, _ schema: JSONValue, in root: JSONValue,
    whole: @escaping @Sendable (String) -> String
  ) {
    self.path = path
    self.name = name
    self.schema = schema
    self.root = root
    self.whole = whole
    least = SchemaEdges.leastMembers(of: schema, in: root)
  }

  var testDescription: String { name.isEmpty ? path : "\(path) \(name)" }
  var keys: [(key: String, value: JSONValue)] {
    schema["properties"]?.members.map { ($0.key, $0.value) } ?? []
  }
  var required: [String] { schema["required"]?.elements.compactMap(\.string) ?? [] }

  /// The least valid object, with some keys set or, where nil, left out.
  func object(setting changes: [String: String?]) -> String {
    let kept = least.filter { changes[$0.key] == nil }
    let set = changes.sorted { $0.key < $1.key }.compactMap { key, value in
      value.map { (key: key, value: $0) }
    }
    return SchemaEdges.object(kept + set)
  }

  func config(setting changes: [String: String?]) -> String { whole(object(setting: changes)) }

  /// What the reader says of a configuration with this object; nil where it takes it.
  func message(setting changes: [String: String?]) -> String? {
    do throws(LabError) {
      _ = try Config(json: config(setting: changes), source: "c.json")
      return nil
    } catch {
      return error.description
    }
  }

  /// Whether the reader finds fault with a value behind a key, whatever it says of others.
  func refuses(_ value: String, behind key: String) -> Bool {
    let place = path.isEmpty ? key : "\(path).\(key)"
    let message = message(setting: [key: value]) ?? ""
    let beginnings = ["`\(place)`", "`\(place)[", "`\(place).", " in \(place) "]
    return beginnings.contains(where: message.contains)
  }
}

extension SchemaPlace {
  static let all: [SchemaPlace] = {
    guard let root = try? JSONDocument(ConfigReference.schema(), source: "schema").root else {
      return []
    }
    let place = SchemaPlace("", "", root, in: root) { $0 }
    return [place] + place.inner
  }()

  /// The objects within this one.
  private var inner: [SchemaPlace] {
    keys.flatMap { key, value in
      let path = path.isEmpty ? key : "\(path).\(key)"
      return value.alternatives.flatMap { schema in
        let items = schema["items"]?.alternatives ?? []
        return object(schema, at: path) { config(setting: [key: $0]) }
          + items.flatMap { object($0, at: "\(path)[0]") { config(setting: [key: "[\($0)]"]) } }
      }
    }
  }

  /// A schema as a place, and those within; none where it is no object of known keys.
  private func object(
    _ schema: JSONValue, at path: String, in whole: @escaping @Sendable (String) -> String
  ) -> [SchemaPlace] {
    let target = schema.target(in: root)
    guard target["properties"] != nil else { return [] }
    let name = schema["$ref"]?.string?.split(separator: "/").last.map(String.init) ?? ""
    let place = SchemaPlace(path, name, target, in: root, whole: whole)
    return [place] + place.inner
  }
}

extension JSONValue {
  /// The value of a key of an object.
  subscript(key: String) -> JSONValue? { members.first { $0.key == key }?.value }
  /// The text that the value is written as.
  var source: String { String(decoding: bytes, as: UTF8.self) }
  /// The schemas of which a value has one.
  var alternatives: [JSONValue] { self["oneOf"].map { Array($0.elements) } ?? [self] }

  /// The definition that a schema refers to, or itself.
  func target(in root: JSONValue) -> JSONValue {
    guard let name = self["$ref"]?.string?.split(separator: "/").last else { return self }
    return root["$defs"]?[String(name)] ?? self
  }
}

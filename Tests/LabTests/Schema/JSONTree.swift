import Lab
import LabFormats

/// A JSON value that was taken apart once, to be looked at many times.
indirect enum JSONTree: Equatable, Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONTree])
  case object([String: JSONTree])

  init(_ text: String) throws {
    self.init(try JSONDocument(text, source: "test").root)
  }

  private init(_ value: JSONValue) {
    switch value.kind {
    case .object:
      self = .object(
        Dictionary(value.members.map { ($0.key, JSONTree($0.value)) }) { first, _ in first })
    case .array: self = .array(value.elements.map { JSONTree($0) })
    case .string: self = .string(value.string ?? "")
    case .number: self = .number(value.double ?? 0)
    case .bool: self = .bool(value.bool ?? false)
    case .null: self = .null
    }
  }

  /// The value of a key of an object.
  subscript(key: String) -> JSONTree? { members?[key] }

  var members: [String: JSONTree]? { if case .object(let members) = self { members } else { nil } }
  var elements: [JSONTree]? { if case .array(let elements) = self { elements } else { nil } }
  var string: String? { if case .string(let text) = self { text } else { nil } }
  var number: Double? { if case .number(let number) = self { number } else { nil } }

  /// The value as JSON, keys sorted.
  var json: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .number(let value): value == value.rounded() ? "\(Int(value))" : "\(value)"
    case .string(let text): JSONText.string(text).compact
    case .array(let elements): "[" + elements.map(\.json).joined(separator: ",") + "]"
    case .object(let members):
      "{"
        + members.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value.json)" }
        .joined(separator: ",") + "}"
    }
  }
}

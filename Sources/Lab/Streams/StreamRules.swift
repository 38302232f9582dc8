import Foundation
import LSTMEngine
import LabFormats
import LabStore

extension ObjectForm {
  /// Reads a line of a stream.
  ///
  /// - Throws: `LabError` that tells every problem with the line.
  func value(
    of line: [UInt8], source: String, upTo nodeCount: Int = JSONDocument.maximumNodeCount
  ) throws(LabError) -> Value {
    let problems = ConfigProblems()
    let root = try JSONDocument(line, source: source, upTo: nodeCount).root
    let value = Rule.object(self)(ConfigNode(value: root, path: "", problems: problems))
    try problems.throwIfAny()
    return value
  }
}

extension Rule {
  /// The values of another rule, or null.
  static func orNull<Other: Sendable>(_ rule: Rule<Other>) -> Rule where Value == Other? {
    Rule(
      allowed: "\(rule.allowed), or null", fallback: nil, form: rule.form(),
      read: { $0.value.kind == .null ? .some(nil) : rule.read($0).map(Optional.some) },
      text: { $0.map(rule.text) ?? .null })
  }
}

extension Rule where Value == [String] {
  /// The lists of another rule, or null for an empty one.
  static func orNothing(_ rule: Rule) -> Rule {
    Rule(
      allowed: "\(rule.allowed), or null", fallback: [], form: rule.form(),
      read: { $0.value.kind == .null ? [] : rule.read($0) }, text: rule.text)
  }
}

extension Rule where Value == JSONText {
  /// Any object.
  static var anyObject: Rule {
    Rule(
      allowed: "an object { … }", fallback: .object([JSONTextMember]()),
      form: ValueForm(["type": .string("object")], words: "any object"),
      read: { $0.value.kind == .object ? JSONText($0.value) : nil }, text: { $0 })
  }
}

extension Rule where Value == String {
  /// A unique name of 36 characters: 8-4-4-4-12 hexadecimal digits in lower case.
  static var uuid: Rule {
    text(
      "a uuid in lower case", pattern: "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
    ) { text in
      text.utf8.count == 36 && text == text.lowercased() && UUID(uuidString: text) != nil
    }
  }

  /// A name that stands between slashes.
  static var pathElement: Rule {
    text("a name of 1 to 200 characters without a slash", pattern: "^[^HARMFUL/]{1,200}$") {
      (1...200).contains($0.count) && Visible.line($0) == $0 && !$0.has("/")
    }
  }
}

extension Rule where Value == String {
  /// A gate or a state by its name in the view `activations`.
  static var quantity: Rule {
    name(
      among: [
        Quantity.input, .forget, .cell, .output, .update, .reset, .candidate, .recurrentCandidate,
        .cellState, .hiddenState,
      ].map(\.rawValue))
  }
}

extension Rule where Value == Date {
  /// Those that SQLite writes: from 0000 to 9999.
  private static var years: ClosedRange<Double> { -62_167_219_200...253_402_300_799 }

  /// A moment in ISO 8601: `2026-11-29T20:15:00.250Z`.
  static var date: Rule {
    Rule(
      allowed: "a time in ISO 8601, such as \"2026-11-29T20:15:00Z\"", fallback: Date(),
      form: ValueForm(["type": .string("string")], words: "a time"),
      read: { node in
        guard let text = node.value.string, text.utf8.count < 64 else { return nil }
        let plain = Date.ISO8601FormatStyle()
        let fine = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        let date = (try? Date(text, strategy: fine)) ?? (try? Date(text, strategy: plain))
        return date.flatMap { years.contains($0.timeIntervalSince1970) ? $0 : nil }
      }, text: { .string($0.ISO8601Format()) })
  }
}

extension Rule where Value == LayerPart.Direction {
  /// `forward` or `backward`.
  static var direction: Rule {
    Rule<String>.name(among: ["forward", "backward"]).map(
      { Value(rawValue: $0) ?? .forward }, \.rawValue)
  }
}

extension Rule where Value == TensorDescription.Source {
  /// `x`, `h` or `bias`.
  static var name: Rule {
    Rule<String>.name(among: ["x", "h", "bias"]).map(
      { Value(rawValue: $0) ?? .input }, \.rawValue)
  }
}

import LabFormats

/// What a key of the configuration may hold, and how to read it.
struct Rule<Value> {
  /// The allowed values, as the end of "allowed: …".
  let allowed: String
  /// What stands in for a refused value, so that reading can go on to the next problem.
  let fallback: Value
  /// Reads a value; nil when it is refused. A reader that notes no problem itself leaves that to
  /// `callAsFunction`.
  let read: (ConfigNode) -> Value?

  init(allowed: String, fallback: Value, read: @escaping (ConfigNode) -> Value?) {
    self.allowed = allowed
    self.fallback = fallback
    self.read = read
  }

  /// Reads `node`, or notes why it is refused and returns the fallback.
  func callAsFunction(_ node: ConfigNode) -> Value {
    let before = node.problems.count
    if let value = read(node) { return value }
    if node.problems.count == before {
      _ = node.refuse(
        "`\(node.path)` is \(node.shown)", next: "allowed: \(allowed)", as: Value.self)
    }
    return fallback
  }

  /// Returns a rule that passes accepted values through `transform`.
  func map<Other>(_ transform: @escaping (Value) -> Other) -> Rule<Other> {
    Rule<Other>(allowed: allowed, fallback: transform(fallback)) { read($0).map(transform) }
  }
}

extension Rule where Value == Bool {
  static var boolean: Rule {
    Rule(allowed: "true or false", fallback: false) { $0.value.bool }
  }
}

extension Rule where Value == Int {
  /// Whole numbers of the range, written without point and exponent.
  static func integer(_ range: ClosedRange<Int>) -> Rule {
    let allowed = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    return Rule(allowed: allowed, fallback: range.lowerBound) { node in
      node.value.integer.flatMap { range.contains($0) ? $0 : nil }
    }
  }
}

extension Rule where Value == Double {
  /// Numbers that satisfy `isAllowed` both as written and rounded to float32, which trains.
  static func real(_ allowed: String, _ isAllowed: @escaping (Double) -> Bool) -> Rule {
    Rule(allowed: allowed, fallback: 0) { node in
      guard let value = node.value.double, Float(value).isFinite else { return nil }
      return isAllowed(value) && isAllowed(Double(Float(value))) ? value : nil
    }
  }

  static var notNegative: Rule { .real("a number from 0 to 3.4e38") { $0 >= 0 } }
  static var positive: Rule { .real("a number above 0, not below 1e-45") { $0 > 0 } }
  /// A decay rate: 1 would never forget.
  static var belowOne: Rule {
    .real("a number from 0 to below 1 in float32, so at most 0.9999999") { $0 >= 0 && $0 < 1 }
  }
  static var upToOne: Rule { .real("a number from 0 to 1") { $0 >= 0 && $0 <= 1 } }
  static var betweenZeroAndOne: Rule {
    .real("a number above 0 and below 1") { $0 > 0 && $0 < 1 }
  }
}

extension Rule where Value == String {
  /// Text of at most `limit` characters in one line, without control characters.
  static func line(upTo limit: Int) -> Rule {
    Rule(allowed: "a text of 1 to \(limit) characters in one line", fallback: "") { node in
      guard let text = node.value.string, (1...limit).contains(text.count),
        Visible.line(text) == text
      else { return nil }
      return text
    }
  }

  /// Text of any length, line breaks included.
  static var text: Rule {
    Rule(allowed: "a text without control characters", fallback: "") { node in
      node.value.string.flatMap { Visible.paragraph($0) == $0 ? $0 : nil }
    }
  }
}

extension Rule where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
  /// One of the names of an enumeration.
  static func name(of fallback: Value) -> Rule {
    name(among: Array(Value.allCases), fallback: fallback)
  }

  /// One of the names of some values; `reason` tells why others of the enumeration are missing.
  static func name(among values: [Value], fallback: Value, reason: String = "") -> Rule {
    let names = values.map(\.rawValue)
    let allowed = "one of \(names.joined(separator: ", "))\(reason)"
    return Rule(allowed: allowed, fallback: fallback) { node in
      guard let text = node.value.string else { return nil }
      if let index = names.firstIndex(of: text) { return values[index] }
      let advice = Suggestion.text(for: text, among: names)
      return node.refuse("`\(node.path)` is \(node.shown)", next: "\(advice)allowed: \(allowed)")
    }
  }
}

extension Rule {
  /// An object whose members `body` reads; keys that it does not ask for are refused.
  static func object(fallback: Value, _ body: @escaping (ObjectReader) -> Value) -> Rule {
    Rule(allowed: "an object { … }", fallback: fallback) { node in
      guard node.value.kind == .object else { return nil }
      let reader = ObjectReader(node)
      let value = body(reader)
      reader.finish()
      return value
    }
  }

  /// An array whose elements follow `element`.
  static func array<Element>(of element: Rule<Element>, upTo limit: Int) -> Rule
  where Value == [Element] {
    Rule(allowed: "an array of at most \(limit) values", fallback: []) { node in
      guard node.value.kind == .array, node.value.count <= limit else { return nil }
      return node.value.elements.enumerated().map { element(node.element($1, at: $0)) }
    }
  }
}

extension Rule {
  /// An array without two equal elements.
  static func set<Element: Equatable>(of element: Rule<Element>, upTo limit: Int) -> Rule
  where Value == [Element] {
    let array = Rule.array(of: element, upTo: limit)
    return Rule(allowed: array.allowed, fallback: []) { node in
      guard let values = array.read(node) else { return nil }
      guard node.problems.isEmpty else { return values }
      for (index, value) in values.enumerated() where values[..<index].contains(value) {
        return node.refuse(
          "`\(node.path)[\(index)]` repeats an earlier element", next: "list each only once")
      }
      return values
    }
  }
}

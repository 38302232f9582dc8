import LabFormats

/// What a key of the configuration may hold: how to read it, write it, and tell of it.
struct Rule<Value: Sendable>: Sendable {
  /// The allowed values, as the end of "allowed: …".
  let allowed: String
  /// What stands in for a refused value, so that reading can go on to the next problem.
  let fallback: Value
  /// What the schema and the page say.
  let form: @Sendable () -> ValueForm
  /// Reads a value; nil when it is refused. A reader that notes no problem itself leaves that to
  /// `callAsFunction`.
  let read: @Sendable (ConfigNode) -> Value?
  /// Writes a value.
  let text: @Sendable (Value) -> JSONText

  init(
    allowed: String, fallback: Value, form: @autoclosure @escaping @Sendable () -> ValueForm,
    read: @escaping @Sendable (ConfigNode) -> Value?, text: @escaping @Sendable (Value) -> JSONText
  ) {
    self.allowed = allowed
    self.fallback = fallback
    self.form = form
    self.read = read
    self.text = text
  }

  /// Reads `node`, or notes why it is refused and returns the fallback.
  func callAsFunction(_ node: ConfigNode) -> Value {
    let before = node.problems.count
    if let value = read(node) { return value }
    if node.problems.count == before {
      node.note("`\(node.path)` is \(node.shown)", next: "allowed: \(allowed)")
    }
    return fallback
  }

  /// Returns a rule for values that are made of this one's.
  func map<Other: Sendable>(
    _ make: @escaping @Sendable (Value) -> Other, _ take: @escaping @Sendable (Other) -> Value
  ) -> Rule<Other> {
    Rule<Other>(
      allowed: allowed, fallback: make(fallback), form: form(), read: { read($0).map(make) },
      text: { text(take($0)) })
  }

  /// Returns the rule with something else said of it in the schema and on the page.
  func told(_ form: ValueForm) -> Rule {
    Rule(allowed: allowed, fallback: fallback, form: form, read: read, text: text)
  }
}

extension Rule where Value == Bool {
  static var boolean: Rule {
    Rule(
      allowed: "true or false", fallback: false,
      form: ValueForm(["type": .string("boolean")], words: "true, false"), read: \.value.bool,
      text: JSONText.bool)
  }
}

extension Rule where Value == Int {
  /// Whole numbers of the range, written without point and exponent.
  static func integer(_ range: ClosedRange<Int>) -> Rule {
    let form = ValueForm(
      [
        "type": .string("integer"), "minimum": .integer(range.lowerBound),
        "maximum": .integer(range.upperBound),
      ], words: "\(range.lowerBound) … \(range.upperBound)")
    return Rule(
      allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)",
      fallback: range.lowerBound, form: form,
      read: { node in node.value.integer.flatMap { range.contains($0) ? $0 : nil } },
      text: JSONText.integer)
  }

  /// A number of epochs or steps.
  static func count(from least: Int) -> Rule { .integer(least...1_000_000_000) }
}

/// Bounds on numbers, which hold both as written and rounded to float32, which trains.
struct RealRange {
  /// The greatest number that rounds to 0 in float32.
  static let zero = 0x1p-150
  /// The least number that rounds to 1.
  static let one = 1 - 0x1p-25
  /// The least number that rounds to infinity.
  static let infinity = 0x1.ffff_ffp127

  var minimum: Double?
  var above: Double?
  var maximum: Double?
  var below: Double?

  func contains(_ value: Double) -> Bool {
    value >= minimum ?? value && value > above ?? -.infinity && value <= maximum ?? value
      && value < below ?? .infinity
  }

  func form(_ words: String) -> ValueForm {
    ValueForm(
      [
        "type": .string("number"), "minimum": minimum.map(JSONText.real),
        "exclusiveMinimum": above.map(JSONText.real), "maximum": maximum.map(JSONText.real),
        "exclusiveMaximum": below.map(JSONText.real),
      ], words: words)
  }
}

extension Rule where Value == Double {
  /// Numbers within bounds; `words` say what they are.
  private static func real(_ words: String, _ range: RealRange) -> Rule {
    Rule(
      allowed: "a number \(words)", fallback: 0, form: range.form(words),
      read: { node in node.value.double.flatMap { range.contains($0) ? $0 : nil } },
      text: JSONText.real)
  }

  static var notNegative: Rule {
    .real("from 0 to 3.4e38", RealRange(minimum: 0, below: RealRange.infinity))
  }
  static var positive: Rule {
    .real(
      "above 0, not below 1e-45", RealRange(above: RealRange.zero, below: RealRange.infinity))
  }
  /// A decay rate: 1 would never forget.
  static var belowOne: Rule {
    .real(
      "from 0 to below 1 in float32, so at most 0.9999999",
      RealRange(minimum: 0, below: RealRange.one))
  }
  static var upToOne: Rule { .real("from 0 to 1", RealRange(minimum: 0, maximum: 1)) }
  static var betweenZeroAndOne: Rule {
    .real("above 0 and below 1", RealRange(above: RealRange.zero, below: RealRange.one))
  }
  /// Any number that float32 can hold.
  static var finite: Rule {
    .real(
      "from -3.4e38 to 3.4e38", RealRange(above: -RealRange.infinity, below: RealRange.infinity))
  }
}

private enum TextPattern {
  /// What a terminal may act on, for between the brackets of a pattern: as far as 16 bits reach.
  static let harmful: String = {
    var ranges: [ClosedRange<UInt32>] = []
    for scalar in (0...0xFFFF).compactMap(UnicodeScalar.init) where Visible.isHarmful(scalar) {
      if let last = ranges.last, last.upperBound + 1 == scalar.value {
        ranges[ranges.count - 1] = last.lowerBound...scalar.value
      } else {
        ranges.append(scalar.value...scalar.value)
      }
    }
    let escape = { (value: UInt32) in "\\u" + value.hexadecimal(digits: 4).lowercased() }
    return ranges.map { "\(escape($0.lowerBound))-\(escape($0.upperBound))" }.joined()
  }()
}

extension Rule where Value == String {
  /// Texts that match a regular expression, in which `HARMFUL` stands for what `Visible.line`
  /// replaces, and that a condition holds for.
  static func text(
    _ allowed: String, fallback: String = "", pattern: String, longest: Int? = nil,
    where isAllowed: @escaping @Sendable (String) -> Bool
  ) -> Rule {
    let form = { @Sendable in
      ValueForm(
        [
          "type": .string("string"), "maxLength": longest.map(JSONText.integer),
          "pattern": .string(pattern.replacing("HARMFUL", with: TextPattern.harmful)),
        ], words: allowed)
    }
    return Rule(
      allowed: allowed, fallback: fallback, form: form(),
      read: { node in node.value.string.flatMap { isAllowed($0) ? $0 : nil } },
      text: JSONText.string)
  }

  /// Text of at most `limit` characters in one line, without control characters.
  static func line(upTo limit: Int) -> Rule {
    text(
      "a text of 1 to \(limit) characters in one line", pattern: "^[^HARMFUL]{1,\(limit)}$"
    ) { (1...limit).contains($0.count) && Visible.line($0) == $0 }
  }

  /// Text of any length, line breaks and tabs included.
  static var text: Rule {
    text("a text without control characters", pattern: "^([^HARMFUL]|[\\t\\n])*$") {
      Visible.paragraph($0) == $0
    }
  }

  /// A path that ends in one of the given extensions.
  static func path(endingIn extensions: [String], inAnyCase: Bool = false) -> Rule {
    let list =
      extensions.count < 3
      ? extensions.joined(separator: " or ")
      : extensions.dropLast().joined(separator: ", ") + " or " + extensions[extensions.count - 1]
    let ends = extensions.map { end in
      end.dropFirst().map { letter in
        letter == "." ? "\\." : inAnyCase ? "[\(letter)\(letter.uppercased())]" : "\(letter)"
      }.joined()
    }.joined(separator: "|")
    return text(
      "the path of a \(list) file", pattern: "^[^HARMFUL]+\\.(\(ends))$", longest: 4096
    ) { text in
      guard Visible.line(text) == text, text.utf8.count <= 4096 else { return false }
      let end = inAnyCase ? text.lowercased() : text
      return extensions.contains { end.ends(in: $0) && end.utf8.count > $0.utf8.count }
    }
  }

  /// One of some names; `reason` tells why others are missing.
  static func name(among names: [String], reason: String = "") -> Rule {
    let allowed = "one of \(names.joined(separator: ", "))\(reason)"
    let form = ValueForm(
      ["enum": .array(names.map(JSONText.string))],
      words: names.map { "`\($0)`" }.joined(separator: ", "))
    return Rule(
      allowed: allowed, fallback: names[0], form: form,
      read: { node in
        guard let text = node.value.string else { return nil }
        if names.contains(text) { return text }
        let advice = Suggestion.text(for: text, among: names)
        return node.refuse("`\(node.path)` is \(node.shown)", next: "\(advice)allowed: \(allowed)")
      }, text: JSONText.string)
  }
}

extension Rule where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
  /// One of the names of an enumeration.
  static var name: Rule { name(among: Array(Value.allCases)) }

  /// One of the names of some values; `reason` tells why others of the enumeration are missing.
  static func name(among values: [Value], reason: String = "") -> Rule {
    let names = values.map(\.rawValue)
    return Rule<String>.name(among: names, reason: reason).map(
      { name in names.firstIndex(of: name).map { values[$0] } ?? values[0] }, \.rawValue)
  }
}

extension Rule {
  /// An array whose elements follow `element`.
  static func array<Element: Sendable>(of element: Rule<Element>, upTo limit: Int) -> Rule
  where Value == [Element] {
    Rule(
      allowed: "an array of at most \(limit) values", fallback: [],
      form: element.form().list(upTo: limit),
      read: { node in
        guard node.value.kind == .array, node.value.count <= limit else { return nil }
        return node.value.elements.enumerated().map { element(node.element($1, at: $0)) }
      }, text: { .array($0.map(element.text)) })
  }

  /// An array without two equal elements.
  static func set<Element: Equatable & Sendable>(of element: Rule<Element>, upTo limit: Int) -> Rule
  where Value == [Element] {
    let array = Rule.array(of: element, upTo: limit)
    return Rule(
      allowed: array.allowed, fallback: [], form: element.form().list(upTo: limit, isSet: true),
      read: { node in
        guard let values = array.read(node) else { return nil }
        guard node.problems.isEmpty else { return values }
        for (index, value) in values.enumerated() where values[..<index].contains(value) {
          return node.refuse(
            "`\(node.path)[\(index)]` repeats an earlier element", next: "list each only once")
        }
        return values
      }, text: array.text)
  }
}

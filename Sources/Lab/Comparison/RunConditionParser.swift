import LabFormats

/// Reads the language of `--where`.
///
/// ```
/// condition := conjunction { "or" conjunction }
/// conjunction := negation { "and" negation }
/// negation := "not" negation | "(" condition ")" | test
/// test := NAME ("=" | "==" | "!=" | "<>" | "<" | "<=" | ">" | ">=" | "~") VALUE
///       | NAME ["not"] "in" "(" VALUE { "," VALUE } ")" | NAME "is" ["not"] "null"
/// VALUE := number | 'text' | "text" | word
/// ```
struct RunConditionParser {
  private let runs: ComparedRuns
  private var tokens: [RunConditionToken]
  private var next = 0
  private let end: Int
  private var depth = 0

  /// Deeper nesting is refused.
  private static let maximumDepth = 64

  /// Reads a whole condition on these runs.
  static func parse(_ text: String, of runs: ComparedRuns) throws(LabError) -> RunCondition {
    var parser = RunConditionParser(
      runs: runs, tokens: try RunConditionToken.tokens(of: text),
      end: text.unicodeScalars.count + 1)
    let condition = try parser.condition()
    if let token = parser.peek { throw parser.unexpected(token, wanted: "`and`, `or` or the end") }
    return condition
  }

  private init(runs: ComparedRuns, tokens: [RunConditionToken], end: Int) {
    self.runs = runs
    self.tokens = tokens
    self.end = end
  }

  private var peek: RunConditionToken? { next < tokens.count ? tokens[next] : nil }

  private mutating func condition() throws(LabError) -> RunCondition {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maximumDepth else {
      throw LabError(
        .usage, "the condition is nested too deeply", where: "--where",
        next: "leave out parentheses that are not needed")
    }
    var parts = [try conjunction()]
    while take(word: "or") { parts.append(try conjunction()) }
    return parts.count == 1 ? parts[0] : .any(parts)
  }

  private mutating func conjunction() throws(LabError) -> RunCondition {
    var parts = [try negation()]
    while take(word: "and") { parts.append(try negation()) }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private mutating func negation() throws(LabError) -> RunCondition {
    var isNegated = false
    while take(word: "not") { isNegated.toggle() }
    let inner: RunCondition
    if take(sign: "(") {
      inner = try condition()
      try expect(sign: ")")
    } else {
      inner = try test()
    }
    return isNegated ? .not(inner) : inner
  }

  private mutating func test() throws(LabError) -> RunCondition {
    guard let token = peek, case .word(let name) = token.kind else {
      throw unexpected(peek, wanted: "the name of a column or setting")
    }
    next += 1
    let field = try RunField(name, of: runs, where: "--where, column \(token.column)")
    if take(word: "is") {
      let isNegated = take(word: "not")
      guard take(word: "null") else { throw unexpected(peek, wanted: "`null`") }
      return isNegated ? .not(.isNull(field)) : .isNull(field)
    }
    let isNegated = take(word: "not")
    if take(word: "in") {
      let list = RunCondition.among(field, try list())
      return isNegated ? .not(list) : list
    }
    guard !isNegated, let sign = peek, case .sign(let text) = sign.kind,
      let comparator = Self.comparator(text)
    else { throw unexpected(peek, wanted: "=, !=, <, <=, >, >=, ~, `in` or `is`") }
    next += 1
    return .compare(field, comparator, try value())
  }

  private static func comparator(_ sign: String) -> RunCondition.Comparator? {
    switch sign {
    case "==": .equal
    case "<>": .different
    default: RunCondition.Comparator(rawValue: sign)
    }
  }

  private mutating func list() throws(LabError) -> [Table.Cell] {
    try expect(sign: "(")
    var values = [try value()]
    while take(sign: ",") { values.append(try value()) }
    try expect(sign: ")")
    return values
  }

  private mutating func value() throws(LabError) -> Table.Cell {
    guard let token = peek else { throw unexpected(nil, wanted: "a value") }
    next += 1
    switch token.kind {
    case .text(let text): return .text(text)
    case .word(let word):
      if let integer = Int(word) { return .integer(integer) }
      if let number = Double(word), number.isFinite { return .real(number) }
      return .text(word)
    case .sign: throw unexpected(token, wanted: "a value")
    }
  }

  private mutating func take(word: String) -> Bool {
    guard let token = peek, case .word(let text) = token.kind, text.lowercased() == word else {
      return false
    }
    next += 1
    return true
  }

  private mutating func take(sign: String) -> Bool {
    guard peek?.kind == .sign(sign) else { return false }
    next += 1
    return true
  }

  private mutating func expect(sign: String) throws(LabError) {
    if !take(sign: sign) { throw unexpected(peek, wanted: "`\(sign)`") }
  }

  private func unexpected(_ token: RunConditionToken?, wanted: String) -> LabError {
    let found = token.map { "`\(Visible.line($0.shown))` stands" } ?? "the condition ends"
    return LabError(
      .usage, "\(found) where \(wanted) was expected",
      where: "--where, column \(token?.column ?? end)",
      next: "write it like this: --where \"units > 4 and val_loss < 0.5\"")
  }
}

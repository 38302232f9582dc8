/// The words of a message's line, where what is typed as it stands is one word: a command that begins
/// with `lstm-lab`, up to `;` or `,`, what is in backticks, and a metric with its value; in a line on
/// usage, an option with its value.
enum MessageWords {
  /// Returns the words between which a line may be broken.
  static func split(_ line: String) -> [Substring] {
    var words: [Substring] = []
    var start = line.startIndex
    var state = State(isUsage: line.hasPrefix("Usage: "))
    for index in line.indices {
      state.take(line[index], after: line[start..<index])
      guard line[index] == " ", !state.isTyped,
        !isWithinMetric(line[start..<index], before: line[line.index(after: index)...])
      else { continue }
      words.append(line[start..<index])
      start = line.index(after: index)
      state.isCommand = !state.isUsage && line[start...].hasPrefix("lstm-lab ")
    }
    return words + [line[start...]]
  }

  /// Whether ` - loss: 0.5` goes on: such parts of a progress line begin with a dash of their own.
  private static func isWithinMetric(_ word: Substring, before rest: Substring) -> Bool {
    word.hasPrefix("-") && (word == "-" || word.hasSuffix(":")) && !rest.hasPrefix("- ")
  }

  /// What a place in a line is within.
  private struct State {
    /// How a command is used: what stands in brackets may be left out.
    let isUsage: Bool
    /// A command that is typed.
    var isCommand = false
    private var isInBackticks = false
    private var isInBrackets = false
    private var quote: Character?

    /// Whether a line break here would change what is typed.
    var isTyped: Bool { isCommand || isInBackticks || isInBrackets }

    init(isUsage: Bool) { self.isUsage = isUsage }

    mutating func take(_ character: Character, after word: Substring) {
      if character == "`" { isInBackticks.toggle() }
      if isUsage, "[]".contains(character) { isInBrackets = character == "[" }
      guard isCommand else { return quote = nil }
      if character == quote { return quote = nil }
      if quote == nil, character == "\"" || character == "'" { quote = character }
      if character == " ", quote == nil, word.hasSuffix(",") || word.hasSuffix(";") {
        isCommand = false
      }
    }
  }
}

/// The words of a message's line, where what is typed as it stands is one word: a command that begins
/// with `lstm-lab`, up to `;` or `,`, what is in backticks, and a metric with its value; in a line on
/// usage, an option with its value.
enum MessageWords {
  /// Returns the words between which a line may be broken.
  static func split(_ line: String) -> [Substring] {
    var words: [Substring] = []
    var start = line.startIndex
    var state = State(isUsage: line.hasPrefix("Usage: "))
    let scalars = line.unicodeScalars
    for index in scalars.indices {
      state.take(scalars[index], after: line[start..<index])
      guard scalars[index] == " ", !state.isTyped,
        !isWithinMetric(line[start..<index], before: line[scalars.index(after: index)...])
      else { continue }
      words.append(line[start..<index])
      start = scalars.index(after: index)
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
    private var quote: Unicode.Scalar?

    /// Whether a line break here would change what is typed.
    var isTyped: Bool { isCommand || isInBackticks || isInBrackets }

    init(isUsage: Bool) { self.isUsage = isUsage }

    mutating func take(_ scalar: Unicode.Scalar, after word: Substring) {
      if scalar == "`" { isInBackticks.toggle() }
      if isUsage, "[]".has(scalar) { isInBrackets = scalar == "[" }
      guard isCommand else { return quote = nil }
      if scalar == quote { return quote = nil }
      if quote == nil, scalar == "\"" || scalar == "'" { quote = scalar }
      if scalar == " ", quote == nil, word.hasSuffix(",") || word.hasSuffix(";") {
        isCommand = false
      }
    }
  }
}

import LabFormats

/// A word, a text in quotes or a sign of a condition.
struct RunConditionToken: Equatable {
  enum Kind: Equatable {
    /// A name, a number, or a keyword.
    case word(String)
    /// A text in quotes.
    case text(String)
    case sign(String)
  }

  let kind: Kind
  /// The column of its first character, from 1.
  let column: Int

  /// What the user wrote, without quotes.
  var shown: String {
    switch kind {
    case .word(let text), .text(let text), .sign(let text): text
    }
  }

  /// Cuts a condition into its tokens.
  static func tokens(of text: String) throws(LabError) -> [RunConditionToken] {
    let characters = Array(text)
    var tokens: [RunConditionToken] = []
    var index = 0
    while index < characters.count {
      let start = index
      let kind: Kind
      switch characters[index] {
      case let character where character.isWhitespace:
        index += 1
        continue
      case "'", "\"": kind = .text(try quoted(characters, &index))
      case "(", ")", ",", "~":
        kind = .sign(String(characters[index]))
        index += 1
      case "=", "!", "<", ">":
        while index < characters.count, index < start + 2, "=!<>".contains(characters[index]) {
          index += 1
        }
        kind = .sign(String(characters[start..<index]))
      default:
        while index < characters.count, isWord(characters[index]) { index += 1 }
        guard index > start else { throw stray(characters[index], column: start + 1) }
        kind = .word(String(characters[start..<index]))
      }
      tokens.append(RunConditionToken(kind: kind, column: start + 1))
    }
    return tokens
  }

  private static func isWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || "_.-+/:*?[]@".contains(character)
  }

  /// Reads a text in quotes; a quote inside is written twice.
  private static func quoted(
    _ characters: [Character], _ index: inout Int
  ) throws(LabError) -> String {
    let quote = characters[index]
    let start = index + 1
    var text = ""
    index += 1
    while index < characters.count {
      if characters[index] == quote {
        index += 1
        guard index < characters.count, characters[index] == quote else { return text }
      }
      text.append(characters[index])
      index += 1
    }
    throw LabError(
      .usage, "the text that begins here is never closed", where: "--where, column \(start)",
      next: "close it with \(quote)")
  }

  private static func stray(_ character: Character, column: Int) -> LabError {
    LabError(
      .usage, "`\(Visible.line(String(character)))` has no meaning here",
      where: "--where, column \(column)", next: "put texts in quotes: name = \"a b\"")
  }
}

extension Table {
  /// Returns a GitHub-flavoured Markdown table; nothing in a cell can become markup.
  package func markdown() -> String {
    let titles = columns.map { Self.escaped($0.title) }
    let rule = columns.map { $0.alignment == .left ? "---" : "--:" }
    let body = zip(rows, shownRows).map { row, shown in
      zip(row, shown).map { cell, text in
        switch cell {
        case .text(let text): Self.escaped(text)
        case .null: ""
        default: text
        }
      }
    }
    return ([titles, rule] + body).map { "| \($0.joined(separator: " | ")) |\n" }.joined()
  }

  /// Returns `text` so that Markdown shows it as it is, in one line that stands behind something.
  ///
  /// GitHub makes links of addresses that are not marked as such (GitHub Flavored Markdown, 6.9).
  package static func escaped(_ text: String) -> String {
    if text.utf8.allSatisfy(isPlain) { return text }
    let characters = Array(Visible.paragraph(text))
    var result = ""
    for (index, character) in characters.enumerated() {
      switch character {
      case "\n": result += "<br>"
      case "\t": result += " "
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "|", "\\", "`", "*", "[", "]", "~": result += "\\\(character)"
      case "_":
        let isInside =
          index > 0 && index + 1 < characters.count
          && isWord(characters[index - 1]) && isWord(characters[index + 1])
        result += isInside ? "_" : "\\_"
      case ":" where characters[(index + 1)...].starts(with: "//"): result += "\\:"
      case "." where result.hasSuffix("www"): result += "\\."
      case "@" where isHost(characters[(index + 1)...]):
        result += "@<!-- -->"  // a backslash would not keep it from being a mail address
      default: result.append(character)
      }
    }
    return result
  }

  /// Returns `text` as ``escaped(_:)`` does, for a paragraph of its own.
  package static func paragraph(_ text: String) -> String {
    let line = escaped(text).drop { $0 == " " }
    if let first = line.first, "#-+=".contains(first) { return "\\" + line }
    let digits = line.prefix { $0.isASCII && $0.isNumber }
    let rest = line[digits.endIndex...]
    let isItem = !digits.isEmpty && (rest.hasPrefix(".") || rest.hasPrefix(")"))
    return isItem ? digits + "\\" + rest : String(line)
  }

  /// Tells whether the byte is ASCII that stands for itself wherever it stands.
  private static func isPlain(_ byte: UInt8) -> Bool {
    Byte.isPrintable(byte) && !"&<>|\\`*[]~_/@w".utf8.contains(byte)
  }

  /// Whether what stands behind an at sign makes a mail address of it; the epoch of `1@50` does not.
  private static func isHost(_ rest: ArraySlice<Character>) -> Bool {
    rest.prefix { isWord($0) || "-_.".contains($0) }.contains(".")
  }

  /// An underscore between two of these never begins emphasis.
  private static func isWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber
  }
}

extension Table {
  /// Returns a GitHub-flavoured Markdown table; nothing in a cell can become markup.
  package func markdown() -> String {
    let titles = columns.map { Self.escaped($0.title) }
    let rule = columns.map { $0.alignment == .left ? "---" : "--:" }
    let body = rows.map { row in
      zip(columns, row).map { column, cell in
        switch cell {
        case .text(let text): Self.escaped(text)
        case .null: ""
        default: column.shown(cell)
        }
      }
    }
    return ([titles, rule] + body).map { "| \($0.joined(separator: " | ")) |\n" }.joined()
  }

  /// Returns `text` so that Markdown shows it as it is, in one line.
  static func escaped(_ text: String) -> String {
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
      default: result.append(character)
      }
    }
    return result
  }

  /// Tells whether the byte is ASCII that stands for itself wherever it stands.
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x7F && !"&<>|\\`*[]~_".utf8.contains(byte)
  }

  /// An underscore between two of these never begins emphasis.
  private static func isWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber
  }
}

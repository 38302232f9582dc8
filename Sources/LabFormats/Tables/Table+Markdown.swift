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
    let visible = Visible.paragraph(text)
    let scalars = Array(visible.unicodeScalars)
    var index = -1
    return visible.replacingScalars { scalar in
      index += 1
      let (before, rest) = (scalars[..<index], scalars[(index + 1)...])
      switch scalar {
      case "\n": return "<br>"
      case "\t": return " "
      case "&": return "&amp;"
      case "<": return "&lt;"
      case ">": return "&gt;"
      case "|", "\\", "`", "*", "[", "]", "~": return "\\\(scalar)"
      case "_":
        let isInside = before.last.map(isWord) == true && rest.first.map(isWord) == true
        return isInside ? nil : "\\_"
      case ":" where rest.starts(with: "//".unicodeScalars): return "\\:"
      case "." where before.suffix(3).elementsEqual("www".unicodeScalars): return "\\."
      case "@" where isHost(rest):
        return "@<!-- -->"  // a backslash would not keep it from being a mail address
      default: return nil
      }
    }
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
  private static func isHost(_ rest: ArraySlice<Unicode.Scalar>) -> Bool {
    rest.prefix { isWord($0) || "-_.".has($0) }.contains(".")
  }

  /// An underscore between two of these never begins emphasis.
  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }
}

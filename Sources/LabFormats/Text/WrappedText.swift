/// Text whose lines are broken between words.
package enum WrappedText {
  /// Returns `text` in lines that end in line breaks, each at most `width` columns wide; a word that
  /// is wider than a line stands on a line of its own.
  ///
  /// - Parameters:
  ///   - width: The columns of the terminal; nil for a pipe, where no line is broken.
  ///   - indent: What the first line begins with.
  ///   - hanging: What the others begin with.
  package static func lines(
    _ text: String, width: Int?, indent: String = "", hanging: String = ""
  ) -> String {
    lines(
      of: text.split(separator: " ", omittingEmptySubsequences: false), text, width: width,
      indent: indent, hanging: hanging)
  }

  /// Returns a message's lines, each broken where it is wider than the terminal and nowhere else:
  /// between words, and not within what is typed as it stands.
  ///
  /// - Parameter width: As of ``lines(_:width:indent:hanging:)``.
  package static func message(_ text: String, width: Int?) -> String {
    guard let width else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard DisplayWidth.of(String(line)) > width else { return String(line) }
      let indent = String(line.prefix { $0 == " " })
      let text = String(line.dropFirst(indent.count))
      return String(
        lines(
          of: MessageWords.split(text), text, width: width, indent: indent, hanging: indent + "  "
        ).dropLast())
    }.joined(separator: "\n")
  }

  private static func lines(
    of words: [Substring], _ text: String, width: Int?, indent: String, hanging: String
  ) -> String {
    guard let width else { return indent + text + "\n" }
    var result = indent
    var used = DisplayWidth.of(indent)
    var isStart = true
    for word in words {
      let columns = DisplayWidth.of(String(word))
      if isStart {
        used += columns
      } else if used + 1 + columns <= width {
        result += " "
        used += 1 + columns
      } else {
        result += "\n" + hanging
        used = DisplayWidth.of(hanging) + columns
      }
      result += word
      isStart = false
    }
    return result + "\n"
  }
}

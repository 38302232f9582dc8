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
    guard let width else { return indent + text + "\n" }
    var result = indent
    var used = DisplayWidth.of(indent)
    var isStart = true
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
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

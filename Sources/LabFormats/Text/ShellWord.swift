/// Words of an advised command line.
package enum ShellWord {
  /// Returns a word as an advised command has it: in quotes where a shell would take it apart.
  ///
  /// - Parameter plain: The signs that need no quotes, besides letters and numbers.
  package static func quoted(_ word: String, plain: String = "/._-") -> String {
    let isPlain = word.allSatisfy { $0.isLetter || $0.isNumber || plain.contains($0) }
    return Visible.line(isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'")
  }
}

/// Words of an advised command line.
package enum ShellWord {
  /// Returns a word as an advised command has it: in quotes where a shell would take it apart.
  ///
  /// - Parameter plain: The signs that need no quotes, besides letters and numbers.
  package static func quoted(_ word: String, plain: String = "/._-") -> String {
    let isPlain = word.unicodeScalars.allSatisfy { scalar in
      scalar.properties.isAlphabetic || scalar.properties.numericType != nil || plain.has(scalar)
    }
    return Visible.line(isPlain ? word : inQuotes(word))
  }

  /// Returns a word in quotes, each quote in it behind a backslash between two pieces.
  package static func inQuotes(_ word: String) -> String {
    "'" + word.replacingScalars { $0 == "'" ? "'\\''" : nil } + "'"
  }
}

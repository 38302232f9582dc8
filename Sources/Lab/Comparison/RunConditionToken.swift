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
    let scalars = Array(text.unicodeScalars)
    var tokens: [RunConditionToken] = []
    var index = 0
    while index < scalars.count {
      let start = index
      let kind: Kind
      switch scalars[index] {
      case let scalar where scalar.properties.isWhitespace:
        index += 1
        continue
      case "'", "\"": kind = .text(try quoted(scalars, &index))
      case "(", ")", ",", "~":
        kind = .sign(String(scalars[index]))
        index += 1
      case "=", "!", "<", ">":
        while index < scalars.count, index < start + 2, "=!<>".has(scalars[index]) {
          index += 1
        }
        kind = .sign(Self.text(scalars[start..<index]))
      default:
        while index < scalars.count, isWord(scalars[index]) { index += 1 }
        guard index > start else { throw stray(scalars[index], column: start + 1) }
        kind = .word(Self.text(scalars[start..<index]))
      }
      tokens.append(RunConditionToken(kind: kind, column: start + 1))
    }
    return tokens
  }

  /// A mark and a joiner belong to the letter before them.
  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: true
    default:
      scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        || scalar.properties.isJoinControl || "_.-+/:*?[]@".has(scalar)
    }
  }

  private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    String(String.UnicodeScalarView(scalars))
  }

  /// Reads a text in quotes; a quote inside is written twice.
  private static func quoted(
    _ scalars: [Unicode.Scalar], _ index: inout Int
  ) throws(LabError) -> String {
    let quote = scalars[index]
    let start = index + 1
    var text = ""
    index += 1
    while index < scalars.count {
      if scalars[index] == quote {
        index += 1
        guard index < scalars.count, scalars[index] == quote else { return text }
      }
      text.unicodeScalars.append(scalars[index])
      index += 1
    }
    throw LabError(
      .usage, "the text that begins here is never closed", where: "--where, column \(start)",
      next: "close it with \(quote)")
  }

  private static func stray(_ scalar: Unicode.Scalar, column: Int) -> LabError {
    LabError(
      .usage, "`\(Visible.line(String(scalar)))` has no meaning here",
      where: "--where, column \(column)", next: "put texts in quotes: name = \"a b\"")
  }
}

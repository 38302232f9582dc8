/// Columns that text takes on a terminal.
package enum DisplayWidth {
  /// Returns the number of columns of `text`, which has no control characters.
  package static func of(_ text: String) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    // Latin letters and signs such as µ take a column each; a soft hyphen may take none.
    if text.unicodeScalars.allSatisfy({ $0.value < 0x300 && $0.value != 0xAD }) {
      return text.unicodeScalars.count
    }
    return text.reduce(0) { $0 + columns($1) }
  }

  /// Returns `text` cut to at most `limit` columns, its end then replaced by `…`.
  package static func truncated(_ text: String, to limit: Int) -> String {
    guard of(text) > limit else { return text }
    guard limit > 0 else { return "" }
    var result = ""
    var width = 1
    for character in text {
      width += columns(character)
      if width > limit { break }
      result.append(character)
    }
    return result + "…"
  }

  /// Returns `text` filled up with spaces to `width` columns.
  package static func padded(_ text: String, to width: Int, alignment: Alignment) -> String {
    let spaces = String(repeating: " ", count: max(0, width - of(text)))
    return alignment == .left ? text + spaces : spaces + text
  }

  /// The side that text stands on in a wider column.
  package enum Alignment: Sendable {
    case left
    case right
  }

  private static func columns(_ character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    let isEmoji = character.unicodeScalars.contains { $0.value == 0xFE0F }
    return isEmoji || wide.contains { $0.contains(first.value) } ? 2 : 1
  }

  /// Blocks of wide characters (Unicode Standard Annex 11, East Asian Width W and F).
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
    0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
    0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
  ]
}

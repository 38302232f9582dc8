/// Text made safe to show: control characters become visible signs.
///
/// A name that someone else chose may hold escape sequences that move a terminal's cursor, clear it
/// or type into it, or direction overrides that make text read as something else.
package enum Visible {
  /// Returns `text` with every control character replaced, line breaks and tabs included.
  package static func line(_ text: String) -> String {
    if text.utf8.allSatisfy(Byte.isPrintable) { return text }
    guard text.unicodeScalars.contains(where: { isHarmful($0) }) else { return text }
    return replaced(text) { isHarmful($0) }
  }

  /// Returns `text` with every control character but line breaks and tabs replaced.
  package static func paragraph(_ text: String) -> String {
    if text.utf8.allSatisfy(Byte.isPrintable) { return text }
    let isAllowed = { (scalar: UnicodeScalar) in scalar == "\n" || scalar == "\t" }
    guard text.unicodeScalars.contains(where: { isHarmful($0) && !isAllowed($0) }) else {
      return text
    }
    return replaced(text) { isHarmful($0) && !isAllowed($0) }
  }

  /// Returns a sign for a text of one scalar that can be told from all others in a line: a space becomes
  /// `␣`, a mark that combines with what stands before gets a circle, and what no sign shows is named as
  /// `U+00A0`.
  package static func character(_ text: String) -> String {
    guard text.unicodeScalars.count == 1, let scalar = text.unicodeScalars.first else {
      return line(text)
    }
    if scalar == " " { return "␣" }
    if scalar.value < 0x20 || scalar.value == 0x7F { return String(sign(of: scalar)) }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .spacingMark: return "◌" + text
    case .spaceSeparator, .unassigned, .privateUse:
      return "U+" + scalar.value.hexadecimal(digits: 4)
    default: return isHarmful(scalar) ? "U+" + scalar.value.hexadecimal(digits: 4) : text
    }
  }

  /// Tells whether a terminal may act on the scalar instead of showing it.
  package static func isHarmful(_ scalar: UnicodeScalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F: true  // C0, DEL, C1
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true  // direction controls
    case 0x2028, 0x2029, 0xFFF9...0xFFFB, 0xE0000...0xE007F: true  // separators, annotations, tags
    case 0x200B, 0x2060...0x2064, 0xFEFF: true  // nothing to see: two names would look alike
    default: false
    }
  }

  /// Returns `text`, its end replaced by `…` when it has more than `limit` characters.
  package static func shortened(_ text: String, to limit: Int) -> String {
    text.prefix(limit + 1).count <= limit ? text : text.prefix(limit - 1) + "…"
  }

  private static func replaced(
    _ text: String, where isReplaced: (UnicodeScalar) -> Bool
  ) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if isReplaced(scalar) { result.append(sign(of: scalar)) } else { result.append(scalar) }
    }
    return String(result)
  }

  /// The picture of a control character (U+2400 block), or the replacement character.
  private static func sign(of scalar: UnicodeScalar) -> UnicodeScalar {
    switch scalar.value {
    case 0..<0x20: UnicodeScalar(0x2400 + scalar.value) ?? "\u{FFFD}"
    case 0x7F: "\u{2421}"
    default: "\u{FFFD}"
    }
  }
}

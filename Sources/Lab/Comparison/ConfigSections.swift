import Foundation

/// Cuts a stored configuration into its top-level members without decoding them.
///
/// Ten thousand runs of a sweep share most of their members' text; what is equal is decoded once.
enum ConfigSections {
  /// A member's key and the text of its value.
  struct Section: Hashable {
    let key: String
    let text: ArraySlice<UInt8>

    static func == (a: Section, b: Section) -> Bool {
      guard a.key == b.key, a.text.count == b.text.count else { return false }
      return unsafe a.text.withUnsafeBytes { first in
        unsafe b.text.withUnsafeBytes { second in
          guard let first = first.baseAddress, let second = second.baseAddress else { return true }
          return unsafe memcmp(first, second, a.text.count) == 0
        }
      }
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(key)
      unsafe text.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }
  }

  /// What describes a run and sets nothing.
  private static let descriptions = ["name", "tags", "notes"]

  /// Returns the members that hold settings, in order.
  ///
  /// The text is one line of normalised JSON, as `Config.normalised()` writes it; of a text that
  /// is not, the rest is one member without a key, which its reader then refuses.
  static func split(_ config: String) -> [Section] {
    let bytes = Array(config.utf8)
    var sections: [Section] = []
    var index = 1
    while index < bytes.count, bytes[index] == Byte.quote {
      let keyEnd = end(of: bytes, from: index)
      let key = String(decoding: bytes[(index + 1)..<max(index + 1, keyEnd - 1)], as: UTF8.self)
      let start = min(keyEnd + 1, bytes.count)
      let end = end(of: bytes, from: start)
      if !descriptions.contains(key) {
        sections.append(Section(key: key, text: bytes[start..<end]))
      }
      index = end + 1
    }
    return sections
  }

  /// The index after the value that starts at `start`.
  private static func end(of bytes: [UInt8], from start: Int) -> Int {
    var depth = 0
    var index = start
    while index < bytes.count {
      switch bytes[index] {
      case Byte.quote:
        index += 1
        while index < bytes.count, bytes[index] != Byte.quote {
          index += bytes[index] == Byte.backslash ? 2 : 1
        }
        if depth == 0 { return min(index + 1, bytes.count) }
      case Byte.openBrace, Byte.openBracket: depth += 1
      case Byte.closeBrace, Byte.closeBracket:
        if depth == 0 { return index }
        depth -= 1
        if depth == 0 { return index + 1 }
      case Byte.comma where depth == 0: return index
      default: break
      }
      index += 1
    }
    return bytes.count
  }
}

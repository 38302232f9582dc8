import Foundation
import Testing

/// Output as a page shows it: `…` alone in a line stands for any number of lines, elsewhere for any
/// characters. Spaces at the ends of lines do not count, nor do carriage returns.
struct ShownOutput {
  let lines: [String]

  /// Whether this is what was printed.
  func matches(_ printed: String) -> Bool { firstMissing(in: printed) == nil }

  /// The first shown line that was not printed where it should have been, or the last line where
  /// more was printed; nil where this is what was printed.
  func firstMissing(in printed: String) -> String? {
    var text = printed.replacing("\r\n", with: "\n").components(separatedBy: "\n")
    if text.last == "" { text.removeLast() }
    let reached = Self.match(lines, text, isGap: { $0 == "…" }) { shown, printed in
      let (shown, printed) = (Array(Self.trimmed(shown)), Array(Self.trimmed(printed)))
      return Self.match(shown, printed, isGap: { $0 == "…" }, same: ==) == nil
    }
    return reached.map { $0 < lines.count ? lines[$0] : "\(lines.last ?? "") (and nothing more)" }
  }

  private static func trimmed(_ line: String) -> Substring {
    line.last == " " ? line[...(line.lastIndex { $0 != " " } ?? line.startIndex)] : line[...]
  }

  /// Returns nil if `text` is `pattern`, whose gaps stand for any number of elements; else the
  /// farthest place in the pattern that was come to. Only the latest gap ever needs to be made wider.
  private static func match<Element>(
    _ pattern: [Element], _ text: [Element], isGap: (Element) -> Bool,
    same: (Element, Element) -> Bool
  ) -> Int? {
    var (p, t, farthest) = (0, 0, 0)
    var gap: (pattern: Int, text: Int)?
    while t < text.count {
      if p < pattern.count, isGap(pattern[p]) {
        gap = (p, t)
        p += 1
      } else if p < pattern.count, same(pattern[p], text[t]) {
        p += 1
        t += 1
      } else if let last = gap {
        gap = (last.pattern, last.text + 1)
        (p, t) = (last.pattern + 1, last.text + 1)
      } else {
        return max(farthest, p)
      }
      farthest = max(farthest, p)
    }
    return pattern[p...].allSatisfy(isGap) ? nil : max(farthest, p)
  }
}

/// Checks that a page shows what was printed.
///
/// The message names one line only: `swift test` loses long ones.
func expectShown(
  _ shown: [String], _ printed: String, of what: String,
  at location: SourceLocation = #_sourceLocation
) {
  if let line = ShownOutput(lines: shown).firstMissing(in: printed) {
    Issue.record("\(what) does not print: \(line)", sourceLocation: location)
  }
}

@Suite struct ShownOutputTests {
  @Test(arguments: [
    ("a\nb", "a\nb\n", true), ("a\nb", "a\nb", true), ("a", "a\nb", false), ("a\nb", "a", false),
    ("a\n…", "a", true), ("a\n…\nd", "a\nb\nc\nd", true), ("a\n…\nd", "a\nb\nc", false),
    ("…\nb\n…\nb", "b\na\nb\nc\nb\n", true), ("…\nb\n…\nb", "b\na", false),
    ("x  …  z", "x  12.5  z", true), ("x …", "x", false), ("x …", "x ", false),
    ("x …ms", "x 12ms", true), ("x …ms", "x 12s", false), ("a", "a   ", true), (" a", "a", false),
    ("", "", true), ("a\n\nb", "a\nb", false), ("…", "", true),
  ]) func `gaps stand for lines or characters`(shown: String, printed: String, isShown: Bool) {
    let lines = shown.isEmpty ? [] : shown.components(separatedBy: "\n")
    #expect(ShownOutput(lines: lines).matches(printed) == isShown)
  }
}

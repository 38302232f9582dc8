import LabFormats
import Testing

/// Messages in terminals that are too narrow for them.
@Suite struct WrappedTextTests {
  private static let broken: [(text: String, width: Int, shown: String)] = [
    ("error: short", 20, "error: short"),
    (
      "error: one two three (a.json)\n  four five six seven", 20,
      "error: one two three\n  (a.json)\n  four five six\n    seven"
    ),
    ("Go on with: lstm-lab resume 1 --db a.db", 24, "Go on with:\n  lstm-lab resume 1 --db a.db"),
    (
      "Next: lstm-lab check a.json, then lstm-lab run a.json", 30,
      "Next: lstm-lab check a.json,\n  then lstm-lab run a.json"
    ),
    (
      "ask: lstm-lab query \"SELECT a, b\"; or not", 24,
      "ask:\n  lstm-lab query \"SELECT a, b\";\n  or not"
    ),
    (
      "Go on with: lstm-lab show '\u{301}a, b' --db x", 24,
      "Go on with:\n  lstm-lab show '\u{301}a, b' --db x"
    ),
    ("save `np.save(path, array)` or so", 20, "save\n  `np.save(path, array)`\n  or so"),
    (
      "Epoch 1/9 - loss: 0.5 - val_loss: 0.25 - 1ms", 24,
      "Epoch 1/9 - loss: 0.5\n  - val_loss: 0.25 - 1ms"
    ),
    (
      "Usage: lstm-lab run <config> [--seeds <list>]", 32,
      "Usage: lstm-lab run <config>\n  [--seeds <list>]"
    ),
    ("awordthatiswiderthantheline", 9, "awordthatiswiderthantheline"),
  ]

  @Test(arguments: broken)
  func `a line is broken between words, and not within what is typed`(
    text: String, width: Int, shown: String
  ) {
    #expect(WrappedText.message(text, width: width) == shown)
    #expect(WrappedText.message(text, width: nil) == text)
  }

  /// Whatever the width, the words are the same, in the same order.
  @Test(arguments: 1...80) func `nothing is lost`(width: Int) {
    for (text, _, _) in Self.broken {
      let words = { (text: String) in text.split { " \n".contains($0) } }
      #expect(words(WrappedText.message(text, width: width)) == words(text))
    }
  }
}

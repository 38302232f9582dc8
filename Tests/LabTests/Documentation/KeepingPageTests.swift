import Foundation
import Testing

/// `docs/keeping.md`: each command works, in order, and prints what is shown below it.
@Suite struct KeepingPageTests {
  @Test func `each command on the page works and prints what is shown`() throws {
    let place = try Workplace()
    var commands = 0
    for block in try MarkdownPage("docs/keeping.md").blocks {
      for part in block.text.components(separatedBy: "$ lstm-lab ").dropFirst() {
        let lines = part.components(separatedBy: "\n")
        let outcome = try place.shell("exec \"$LAB\" \(lines[0]) 2>&1")
        #expect(outcome.status == 0, "\(block): lstm-lab \(lines[0])\n\(outcome.output)")
        let shown = Array(lines.dropFirst()).filter { !$0.isEmpty }
        let printed = outcome.output.split(separator: "\n").joined(separator: "\n")
        if !shown.isEmpty { expectShown(shown, printed, of: "\(block): \(lines[0])") }
        commands += 1
      }
    }
    #expect(commands == 30)
  }
}

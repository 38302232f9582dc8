import Foundation
import Testing

/// What `docs/insight.md` shows of the seed experiment is what the program prints.
@Suite struct InsightPageTests {
  @Test func `each command on the page prints what the page shows`() throws {
    let place = try SeedExperimentTests.workplace()
    var shown = 0
    for block in try MarkdownPage("docs/insight.md").blocks {
      let command = try #require(block.lines.first)
      guard let arguments = command.wholeMatch(of: #/\$ lstm-lab (.*)/#)?.output.1 else { continue }
      let outcome = try place.shell(#""$LAB" \#(arguments)"#)
      #expect(outcome.status == 0 || outcome.status == 1 && arguments.hasPrefix("diff"))
      expectShown(Array(block.lines.dropFirst()), outcome.output, of: "\(block)")
      shown += 1
    }
    #expect(shown >= 11)
  }
}

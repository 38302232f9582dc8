import Foundation
import Testing

/// What `docs/insight.md` shows of the seed experiment is what the program prints.
@Suite struct InsightPageTests {
  @Test func `each command on the page prints what the page shows`() throws {
    let place = try SeedExperimentTests.workplace()
    let page = try String(
      contentsOfFile: SeedExperimentTests.root + "/docs/insight.md", encoding: .utf8)
    var shown = 0
    for block in page.matches(of: #/(?s)```\n\$ lstm-lab ([^\n]*)\n(.*?)\n```/#) {
      let outcome = try place.shell(#""$LAB" \#(block.output.1)"#)
      #expect(outcome.status == 0 || outcome.status == 1 && block.output.1.hasPrefix("diff"))
      let printed = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
      let lines = block.output.2.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(Self.shows(lines, of: printed.dropLast()), "\(block.output.1)")
      shown += 1
    }
    #expect(shown >= 11)
  }

  /// Whether the lines are the printed ones, where `…` stands for any number of them.
  private static func shows(_ lines: [Substring], of printed: ArraySlice<Substring>) -> Bool {
    let parts = lines.split(separator: "…", omittingEmptySubsequences: false)
    guard parts.count > 1 else { return lines == Array(printed) }
    guard printed.starts(with: parts[0]) else { return false }
    var rest = printed.dropFirst(parts[0].count)
    for part in parts.dropFirst().dropLast() {
      guard let range = rest.indices.first(where: { rest[$0...].starts(with: part) }) else {
        return false
      }
      rest = rest[(range + part.count)...]
    }
    let last = parts[parts.count - 1]
    return rest.suffix(last.count).elementsEqual(last)
  }
}

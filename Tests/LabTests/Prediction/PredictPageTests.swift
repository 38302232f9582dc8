import Foundation
import Testing

/// What `docs/predict.md` shows is what the program prints of the files that it shows.
@Suite struct PredictPageTests {
  @Test func `each command on the page prints what the page shows`() throws {
    let place = try Workplace()
    var shown = 0
    for block in try MarkdownPage("docs/predict.md").blocks {
      if block.language == "json" {
        try place.write(block.text, to: "days.json")
        try place.lab("run", "days.json", "-q")
        continue
      }
      let command = try #require(block.lines.first)
      let rest = Array(block.lines.dropFirst())
      if let name = command.wholeMatch(of: #/\$ cat (.*)/#)?.output.1 {
        try place.write(rest.joined(separator: "\n") + "\n", to: String(name))
        continue
      }
      let arguments = try #require(command.wholeMatch(of: #/\$ lstm-lab (.*)/#)?.output.1)
      let outcome = try place.shell(#""$LAB" \#(arguments)"#)
      #expect(outcome.status == 0 && outcome.errors == "")
      expectShown(rest, outcome.output, of: "\(block)")
      shown += 1
    }
    #expect(shown == 4)
  }
}

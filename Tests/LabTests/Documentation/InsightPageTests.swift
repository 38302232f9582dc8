import Foundation
import Testing

/// What `docs/insight.md` shows of the seed experiment, and of the vowels, is what the program prints.
@Suite struct InsightPageTests {
  /// What the vowels' part of the page reads; examples/fetch-data brings the data, as Scripts/set-up --tests does.
  private static let files = [
    "examples/data/JapaneseVowels_TRAIN.ts", "examples/data/JapaneseVowels_TEST.ts",
    "examples/japanese-vowels/wrong-label.json",
  ]

  @Test func `each command on the page prints what the page shows`() throws {
    let place = try SeedExperimentTests.workplace()
    for file in Self.files {
      let data = try Data(contentsOf: URL(filePath: SeedExperimentTests.root + "/" + file))
      let folder = URL(filePath: place.file(file)).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try place.write(Array(data), to: file)
    }
    let programs = URL(filePath: Program.path).deletingLastPathComponent().path
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    var shown = 0
    for block in try MarkdownPage("docs/insight.md").blocks {
      let first = try #require(block.lines.first)
      guard let command = first.wholeMatch(of: #/\$ (.*)/#)?.output.1 else { continue }
      let outcome = try place.shell(String(command), environment: ["PATH": "\(programs):\(path)"])
      #expect(
        outcome.status == 0 || outcome.status == 1 && command.hasPrefix("lstm-lab diff"),
        "\(block): \(outcome.errors)")
      expectShown(Array(block.lines.dropFirst()), outcome.output, of: "\(block)")
      shown += 1
    }
    #expect(shown >= 25)
  }
}

import Foundation
import Testing

/// What the page shows of a run's history is what the commands tell.
struct ReportedHistoryTests {
  private func page(_ place: Workplace, _ runs: String...) throws -> String {
    let name = "report-\(runs.joined(separator: "-"))"
    _ = try place.output(Program.path, ["report"] + runs + ["-o", name])
    return String(decoding: try place.bytes("\(name)/report.html"), as: UTF8.self)
  }

  /// The numbers of a table's cells by the name of its scrollable part, row by row.
  private func numbers(_ html: String, in label: String) throws -> [[Double]] {
    let start = try #require(html.firstRange(of: "aria-label=\"\(label)"), "\(label)")
    let end = try #require(html[start.upperBound...].firstRange(of: "</table>"))
    return html[start.upperBound..<end.lowerBound].split(separator: "<tr>").dropFirst(2).map {
      row in
      row.matches(of: #/data-value="([^"]+)"/#).compactMap { Double($0.output.1) }
    }
  }

  private func rows(_ csv: String) -> [[String]] {
    csv.split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  @Test func `the hardest samples and those that taught themselves are the commands' own`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 12, samples: 11))
    try place.lab("run", "config.json", "-q")
    let html = try page(place, "1")
    #expect(html.contains("<h3>What the history tells</h3>"))
    let hardest = try numbers(html, in: "The samples that were hardest to learn")
    let learned = rows(try place.lab("learned", "1", "--csv"))
    #expect(hardest.count == 8)
    for (shown, told) in zip(hardest, learned) {
      #expect(Double(told[0]) == shown[0] && shown.contains(Double(told[3]) ?? .nan), "\(told)")
    }
    let selfish = try numbers(html, in: "The samples that most taught themselves")
    let influences = rows(try place.lab("influence", "1", "--self", "--csv"))
      .map { (sample: Double($0[0]) ?? .nan, value: Double($0[1]) ?? .nan) }
      .sorted { $0.value > $1.value }
    #expect(selfish.count == 8)
    for (shown, told) in zip(selfish, influences) { #expect(shown == [told.sample, told.value]) }
    for caption in [
      "How the samples were learnt", "The way of the weights", "Loss on the straight line",
      "carried the prediction",
    ] { #expect(html.contains(caption), "\(caption)") }
    #expect(!html.contains("How far it came apart"))
    // A dot for each sample.
    let map = try #require(html.firstRange(of: "Mean probability of what each sample should be"))
    let picture = html[map.upperBound...].prefix { $0 != "\u{0}" }
    let end = try #require(picture.firstRange(of: "</svg>"))
    #expect(picture[..<end.lowerBound].matches(of: #/h0/#).count == 11)
  }

  @Test func `a fork shows how far it came apart, and a model of numbers what it can`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 8))
    try place.lab("run", "config.json", "-q")
    try place.lab("resume", "1", "--from", "3", "--set", "learning_rate=0.003", "-q")
    #expect(try page(place, "2").contains("How far it came apart from run 1, from epoch 4 on"))
    try place.write(
      Trial(
        epochs: 4, layers: #"[{"type":"gru","units":3},{"type":"dense","units":2}]"#,
        loss: "mean_squared_error"), to: "numbers.json")
    try place.lab("run", "numbers.json", "-q")
    let html = try page(place, "3")
    #expect(html.contains("The way of the weights") && !html.contains("hardest to learn"))
  }

  @Test func `a run without its data has no history on the page, and that is no fault`() throws {
    let place = try Workplace()
    try place.write("1,2,a\n3,4,b\n5,1,a\n2,2,b\n", to: "data.csv")
    try place.write(
      #"""
      {"data":{"train":{"csv":"data.csv","header":false,"layout":"wide","target":"2","classes":["a","b"]}},
      "model":{"layers":[{"type":"lstm","units":2},{"type":"dense","units":2,"activation":"softmax"}]},
      "training":{"epochs":3,"batch_size":2,"loss":"sparse_categorical_crossentropy"}}
      """#, to: "config.json")
    let outcome = try place.run("run", "config.json", "-q")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try page(place, "1").contains("What the history tells"))
    try FileManager.default.removeItem(atPath: place.file("data.csv"))
    _ = try place.output(Program.path, ["report", "1", "-o", "gone"])
    let html = String(decoding: try place.bytes("gone/report.html"), as: UTF8.self)
    #expect(!html.contains("What the history tells") && html.contains("Weights of epoch"))
  }
}

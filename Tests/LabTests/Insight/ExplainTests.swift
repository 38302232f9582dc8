import Foundation
import Lab
import Testing

/// `explain` and `gates` on the seed experiment and on every cell.
@Suite struct ExplainTests {
  private static func models() -> [Trial] {
    let dense = #"{"type":"dense","units":2,"activation":"softmax"}"#
    return [
      Trial(
        name: "lstm", layers: #"[{"type":"lstm","units":3},\#(dense)]"#,
        loss: "categorical_crossentropy"),
      Trial(
        name: "gru", layers: #"[{"type":"gru","units":3},\#(dense)]"#,
        loss: "categorical_crossentropy"),
      Trial(
        name: "simple_rnn", layers: #"[{"type":"simple_rnn","units":3},\#(dense)]"#,
        loss: "mean_squared_error"),
    ]
  }

  @Test func `the seed's calculation`() throws {
    let place = try SeedExperimentTests.workplace()
    var transcript = Transcript(place)
    try transcript.run(["explain", "1", "--sample", "3"])
    try transcript.run(["explain", "1@50", "--sample", "9", "--step", "0", "--unit", "2"])
    try transcript.run(["gates", "1", "--sample", "3"])
    try transcript.run(["gates", "1", "--saturation"])
    try expectGolden(transcript.text, "output-explain.txt")
  }

  @Test func `each cell's calculation`() throws {
    let place = try Workplace()
    var transcript = Transcript(place)
    for (index, trial) in Self.models().enumerated() {
      try place.write(trial)
      try place.lab("run", "config.json", "-q")
      try transcript.run(["explain", "\(index + 1)"])
    }
    try transcript.run(["explain", "2", "--md"])
    try expectGolden(transcript.text, "output-explain-cells.txt")
  }

  /// The committed page is what the program prints: delete it to make it anew.
  @Test func `the example's explanation is the program's`() throws {
    let place = try SeedExperimentTests.workplace()
    let text = try place.run("explain", "1", "--md").output
    let path = SeedExperimentTests.root + "/examples/zero-position/explanation.md"
    guard FileManager.default.fileExists(atPath: path) else {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      Issue.record("explanation.md is written; look at it, then commit it")
      return
    }
    #expect(try text == String(contentsOfFile: path, encoding: .utf8))
  }

  /// 2 inputs and 3 units: gates of 18, 36 and 18 weights, 72 together.
  @Test func `the sizes of the text that the seed comes from`() throws {
    let place = try Workplace()
    try place.write(Self.models()[0])
    try place.lab("run", "config.json", "-q")
    let text = try place.lab("explain", "1")
    #expect(text.contains("3×5 + 3 = 18\n"))
    #expect(text.contains("2×(3×5 + 3) = 36\n"))
    #expect(text.contains("together: 18 + 36 + 18 = 4×(3×5 + 3) = 72\n"))
  }

  private func number(_ value: Any?) -> [Double] { value as? [Double] ?? [] }

  /// The JSON's numbers are those of `gates`, and the output is the stored prediction.
  @Test func `explain, gates and stored predictions agree`() throws {
    let place = try Workplace()
    for (index, trial) in Self.models().enumerated() {
      var trial = trial
      trial.record = #""predictions":{"every":1}"#
      try place.write(trial)
      try place.lab("run", "config.json", "-q")
      let run = index + 1
      for (epoch, sample, step) in [(6, 0, 2), (3, 5, 0), (0, 6, 1)] {
        let arguments = ["--sample", "\(sample)", "--step", "\(step)", "--json"]
        let text = try place.output(Program.path, ["explain", "\(run)@\(epoch)"] + arguments)
        let parsed = try JSONSerialization.jsonObject(with: Data(text.utf8))
        let explained = try #require(parsed as? [String: Any])
        let layer = try #require((explained["layers"] as? [[String: Any]])?.first)
        let gates = try place.lab("gates", "\(run)@\(epoch)", "--sample", "\(sample)", "--csv")
        for line in gates.split(separator: "\n").dropFirst() {
          let cells = line.split(separator: ",")
          guard cells[1] == "\(step)" else { continue }
          let value = number(layer[String(cells[3])])[try #require(Int(cells[4]))]
          #expect(Float(value) == Float(try #require(Double(cells[5]))))
        }
        let predicted = try place.sqlite(
          """
          SELECT printf('%!.17g', value) FROM predictions WHERE run_id = \(run)
            AND epoch = \(epoch) AND split = 'train' AND sample = \(sample) ORDER BY output
          """
        ).split(separator: "\n").compactMap { Double($0).map(Float.init) }
        #expect(number(explained["output"]).map(Float.init) == predicted && predicted.count == 2)
      }
    }
  }

  /// The loss of an epoch is the mean of its rows' losses, which `explain` tells one by one.
  @Test func `the losses of all samples have the stored mean`() throws {
    let place = try SeedExperimentTests.workplace()
    var sum = 0.0
    var right = 0
    for sample in 0..<15 {
      let text = try place.lab("explain", "1@100", "--sample", "\(sample)", "--json")
      let parsed = try JSONSerialization.jsonObject(with: Data(text.utf8))
      let explained = try #require(parsed as? [String: Any])
      sum += try #require(explained["loss"] as? Double)
      right += (explained["right"] as? Bool) == true ? 1 : 0
    }
    // What a run of one epoch more than the last begins with, without a step: a learning rate of 0.
    try place.lab(
      "resume", "1", "--from", "100", "--epochs", "101", "-q", "--set",
      "training.optimizer.learning_rate=0")
    let stored = try place.sqlite(
      "SELECT loss, accuracy FROM epochs WHERE run_id = 2 AND epoch = 101"
    )
    .split(separator: "|").compactMap { Double($0) }
    #expect(abs(sum / 15 - stored[0]) < 1e-7)
    #expect(Double(right) / 15 == stored[1])
  }
}

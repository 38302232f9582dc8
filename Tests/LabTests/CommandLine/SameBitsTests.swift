import Foundation
import Testing

/// Stopped or not, forked or not, fast or slow: the same training ends in the same bits.
@Suite struct SameBitsTests {
  static let seed = SeedExperimentTests.config

  /// The seed experiment with another number of epochs.
  static func seedExperiment(epochs: Int) throws -> String {
    let text = try String(contentsOfFile: seed, encoding: .utf8)
    let changed = text.replacing("\"epochs\": 100", with: "\"epochs\": \(epochs)")
    #expect(changed != text)
    return changed
  }

  @Test func `37 epochs and 63 resumed are 100 in one go`() throws {
    let place = try Workplace()
    try place.write(Self.seedExperiment(epochs: 37), to: "first.json")
    try place.lab("run", Self.seed, "-q")
    try place.lab("run", "first.json", "-q")
    #expect(try place.hashes(of: "2").count == 38)
    #expect(try place.lab("resume", "2", "--epochs", "100", "-q") == "2")
    #expect(try place.hashes(of: "2").count == 101)
    #expect(try place.bits(of: "1") == place.bits(of: "2"))
    #expect(
      try place.sqlite("SELECT count(DISTINCT config_hash), count(DISTINCT status) FROM runs")
        == "1|1")
  }

  @Test func `a fork at each of ten epochs ends in the same bits`() throws {
    let place = try Workplace()
    try place.lab("run", Self.seed, "-q")
    let hashes = try place.hashes(of: "1")
    for (index, epoch) in [0, 1, 2, 9, 25, 50, 64, 77, 98, 99].enumerated() {
      let run = "\(index + 2)"
      #expect(try place.lab("resume", "1", "--from", "\(epoch)", "-q") == run)
      #expect(try place.hashes(of: run) == Array(hashes[epoch...]))
      // The fork's first epoch has neither metrics nor gradients of its own.
      #expect(try place.bits(of: run, after: epoch) == place.bits(of: "1", after: epoch))
      #expect(
        try place.sqlite("SELECT parent_run_id, parent_epoch FROM runs WHERE run_id = \(run)")
          == "1|\(epoch)")
    }
  }

  /// Two layers of sizes that fill no vector, in batches that leave a rest and are large enough for
  /// several threads.
  static let odd = Trial(
    epochs: 3, samples: 45, steps: 5, features: 3, batch: 14,
    layers: #"[{"type":"lstm","units":17},{"type":"lstm","units":33},"#
      + #"{"type":"dense","units":2,"activation":"sigmoid"}]"#)

  @Test func `instruction sets and threads change no bit`() throws {
    let place = try Workplace()
    try place.write(Self.odd)
    try expectSameBits(in: place)
  }

  @Test(arguments: DataKind.all)
  func `instruction sets and threads change no bit of any kind of data`(kind: DataKind) throws {
    let place = try Workplace()
    try kind.write(
      to: place, epochs: 2,
      layers: #"{"type":"lstm","units":17,"return_sequences":true},{"type":"lstm","units":33}"#)
    let number = try #require(DataKind.all.firstIndex { $0.id == kind.id })
    try expectSameBits(in: place, pair: number)
    try place.lab("verify", "1")
  }

  /// Trains the configuration of a folder with all instruction sets and some numbers of threads.
  ///
  /// - Parameter pair: Where it is given, each instruction set has one number of threads, another one for
  ///   the next: every instruction set and every number come up, not every pair of them.
  private func expectSameBits(in place: Workplace, pair: Int? = nil) throws {
    try place.lab("run", "config.json", "-q")
    let expected = try place.bits(of: "1")
    let refusal = try place.run("run", "config.json", environment: ["LSTM_LAB_ISA": "none"])
    let list = try #require(refusal.errors.split(separator: "this processor has: ").last)
    let levels = list.split(whereSeparator: { ", \n".contains($0) })
    #expect(levels.contains("portable"))
    let numbers = ["1", "2", "3", "8"]
    for (index, level) in levels.enumerated() {
      for threads in pair.map({ [numbers[($0 + index) % 4]] }) ?? numbers {
        let outcome = try place.run(
          "run", "config.json", "--threads", threads,
          environment: ["LSTM_LAB_ISA": String(level)])
        #expect(outcome.errors.contains(", \(threads) thread"), "\(outcome.errors)")
        let run = outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(try place.bits(of: run) == expected, "\(level), \(threads) threads")
      }
    }
  }

  @Test(
    .enabled(
      if: Program.path != Program.beside,
      "LSTM_LAB_TEST_PROGRAM names no binary of the other configuration; Scripts/test sets it"))
  func `debug and release train to the same bits`() throws {
    let other = Program.beside
    let place = try Workplace()
    try place.write(Self.odd)
    for (index, controls) in ControlTests.controls.enumerated() {
      try place.write(
        ControlTests.trial(ControlTests.layers[index], controls), to: "controls-\(index).json")
    }
    let controlled = ControlTests.controls.indices.map { "controls-\($0).json" }
    for config in [Self.seed, "config.json"] + controlled {
      let ours = try place.lab("run", config, "-q")
      let theirs = try place.output(other, ["run", config, "-q"])
      #expect(ours != theirs)
      #expect(try place.bits(of: ours) == place.bits(of: theirs))
    }
    // Each goes on where the other stopped.
    try place.write(Self.seedExperiment(epochs: 50), to: "half.json")
    let half = try place.output(other, ["run", "half.json", "-q"])
    try place.lab("resume", half, "--epochs", "100", "-q")
    #expect(try place.bits(of: half) == place.bits(of: "1"))
  }

  static let surroundings: [[String: String]] = [
    ["LANG": "de_DE.UTF-8", "TZ": "Asia/Kathmandu"],
    ["LC_ALL": "tr_TR.UTF-8", "TZ": "America/St_Johns"],
    ["LANG": "ar_EG.UTF-8", "LC_NUMERIC": "fr_FR.UTF-8"],
    ["LC_ALL": "C", "LANGUAGE": "tr", "TZ": ":/nowhere"],
    ["SWIFT_DETERMINISTIC_HASHING": "1"],
    ["LSTM_LAB_ISA": "portable", "TERM": "dumb", "COLUMNS": "20"],
  ]

  @Test func `language, time zone and hashing change no byte`() throws {
    let place = try Workplace()
    try place.write(Trial(record: #""predictions":{"every":2}"#))
    try place.lab("run", "config.json", "-q")
    let questions = [
      ["runs"], ["runs", "--csv"], ["runs", "--json"], ["show", "1"], ["show", "1", "--json"],
      ["show", "1", "--md"], ["check", "config.json"],
      ["query", "SELECT * FROM runs", "--csv"], ["query", "SELECT * FROM epochs", "--csv"],
      ["query", "SELECT * FROM weights WHERE epoch > 4", "--csv"],
      ["query", "SELECT * FROM gate_stats", "--json"],
      ["query", "SELECT * FROM predictions", "--csv"],
    ]
    // The forecast of time is measured, and another one each time.
    let ask = { (question: [String], surrounding: [String: String]) in
      try place.output(Program.path, question, environment: surrounding)
        .replacing(/(?m)^run time .*$/, with: "run time")
    }
    let answers = try questions.map { try ask($0, [:]) }
    let bits = try place.bits(of: "1")
    for surrounding in Self.surroundings {
      for (question, answer) in zip(questions, answers) {
        let other = try ask(question, surrounding)
        #expect(other == answer, "\(question) with \(surrounding)")
      }
      let database = "other-\(UUID().uuidString).db"
      try place.lab("run", "config.json", "-q", "--db", database, environment: surrounding)
      #expect(try place.bits(of: "1", database: database) == bits, "\(surrounding)")
    }
  }
}

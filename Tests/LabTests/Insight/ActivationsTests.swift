import Foundation
import Testing

/// `record.activations`: the view holds what `gates` computes from the stored weights.
@Suite struct ActivationsTests {
  private static let dense = #"{"type":"dense","units":2,"activation":"sigmoid"}"#

  @Test(arguments: [
    #"{"type":"lstm","units":5},{"type":"lstm","units":3}"#, #"{"type":"gru","units":4}"#,
    #"{"type":"simple_rnn","units":300}"#,
    #"{"type":"bidirectional","layer":{"type":"lstm","units":3}}"#,
    #"{"type":"dropout","rate":0.5},{"type":"gru","units":257,"dropout":0.2}"#,
  ])
  func `each recorded value is the one that gates shows`(layers: String) throws {
    let place = try Workplace()
    try place.write(
      Trial(
        epochs: 5, layers: "[\(layers),\(Self.dense)]",
        record: #""activations":{"samples":[6,0],"every":2},"weights":{"every":1}"#))
    try place.lab("run", "config.json", "-q")
    #expect(
      try place.sqlite("SELECT DISTINCT epoch FROM activations ORDER BY epoch") == "0\n2\n4\n5")
    for epoch in [0, 4, 5] {
      for sample in [0, 6] {
        let stored = try place.sqlite(
          """
          SELECT sample || ',' || step || ',' || layer || ',' || ifnull(direction || '/', '') || gate
            || ',' || unit || ',' || printf('%!.17g', value)
          FROM activations WHERE epoch = \(epoch) AND sample = \(sample)
          """
        ).split(separator: "\n").map(Self.key).sorted { $0.0 < $1.0 }
        let shown = try place.lab("gates", "1@\(epoch)", "--sample", "\(sample)", "--csv")
          .split(separator: "\n").dropFirst().map(Self.key).sorted { $0.0 < $1.0 }
        #expect(stored.count > 20 && stored.map(\.0) == shown.map(\.0))
        #expect(stored.map(\.1) == shown.map(\.1))
      }
    }
    #expect(try place.run("verify", "1").status == 0)
  }

  /// A row's place, and its value to the bit.
  private static func key(_ line: Substring) -> (String, UInt64) {
    let cells = line.split(separator: ",")
    return (cells.dropLast().joined(separator: ","), Double(cells[5])?.bitPattern ?? 0)
  }

  @Test func `samples of unequal length have a row a step of their own`() throws {
    let place = try Workplace()
    let x = "[[[1,2],[3,4],[5,6]],[[1,1]],[[2,0],[0,1]]]"
    try place.write(
      Trial(
        epochs: 2, record: #""activations":{"samples":[0,1,2]}"#,
        train: #"{"x":\#(x),"y":[[1,0],[0,1],[1,0]]}"#))
    try place.lab("run", "config.json", "-q")
    #expect(
      try place.sqlite(
        "SELECT sample, count(DISTINCT step), count(*) FROM activations WHERE epoch = 2 "
          + "GROUP BY sample ORDER BY sample") == "0|3|90\n1|1|30\n2|2|60")
  }

  @Test func `recording changes no bit, and a resume records what a whole run does`() throws {
    let place = try Workplace()
    let record = #""activations":{"samples":[2,3],"every":3}"#
    try place.write(Trial(epochs: 8), to: "plain.json")
    try place.write(Trial(epochs: 8, record: record), to: "whole.json")
    try place.write(Trial(epochs: 4, record: record), to: "part.json")
    for name in ["plain", "whole", "part"] { try place.lab("run", "\(name).json", "-q") }
    try place.lab("resume", "3", "--epochs", "8", "-q")
    let hashes = try place.sqlite(
      "SELECT count(DISTINCT weights_hash) FROM epochs WHERE epoch = 8")
    #expect(hashes == "1")
    for run in [2, 3] {
      #expect(
        try place.sqlite("SELECT DISTINCT epoch FROM activations WHERE run_id = \(run)")
          .split(separator: "\n").map(String.init).sorted()
          == (run == 2 ? ["0", "3", "6", "8"] : ["0", "3", "4", "6", "8"]))
    }
    let whole = try place.sqlite(
      "SELECT sample, step, gate, unit, value FROM activations WHERE run_id = 2 AND epoch = 8")
    let resumed = try place.sqlite(
      "SELECT sample, step, gate, unit, value FROM activations WHERE run_id = 3 AND epoch = 8")
    #expect(whole == resumed && whole.count > 1000)
  }

  @Test func `mistakes are told with their place`() throws {
    let place = try Workplace()
    for (record, message) in [
      (#""activations":{"samples":[7]}"#, "names sample 7, and training has 7"),
      (#""activations":{"samples":[1,1]}"#, "`record.activations.samples[1]` repeats"),
      (#""activations":{"every":2}"#, "`record.activations.samples` is missing"),
      (#""activations":{"samples":[-1]}"#, "`record.activations.samples[0]` is -1"),
    ] {
      try place.write(Trial(record: record))
      let outcome = try place.run("run", "config.json")
      #expect(outcome.status == 65 && outcome.errors.contains(message), "\(outcome.errors)")
    }
    try place.write(
      #"""
      {"data":{"train":{"x":[[[1,2]],[[3,4]]],"y":[[[1]],[[0]]]}},
      "model":{"layers":[{"type":"dense","units":1}]},
      "training":{"loss":"mean_squared_error"},"record":{"activations":{"samples":[1]}}}
      """#, to: "config.json")
    let outcome = try place.run("run", "config.json")
    #expect(outcome.status == 65 && outcome.errors.contains("the model has no recurrent layer"))
    #expect(try place.names() == ["config.json"])
  }
}

import Foundation
import Testing

/// A foreign run whose model the engine knows: computed here, to the bits of our own with the same weights.
struct NativeModelTests {
  static let models: [(id: String, layers: String, steps: Int)] = [
    ("lstm", #"[{"type":"lstm","units":4},{"type":"dense","units":2,"activation":"sigmoid"}]"#, 3),
    (
      "stacked",
      #"[{"type":"gru","units":3,"return_sequences":true},{"type":"simple_rnn","units":4},{"type":"dense","units":2,"activation":"softmax"}]"#,
      3
    ),
    (
      "both ways",
      #"[{"type":"bidirectional","layer":{"type":"lstm","units":3}},{"type":"dense","units":2,"activation":"sigmoid"}]"#,
      3
    ),
  ]

  private let place: Workplace

  init() throws { place = try Workplace() }

  /// Trains a run of our own on files of arrays.
  private func train(_ layers: String) throws {
    var random = CounterRandom(seed: 3)
    let x = (0..<7 * 3 * 2).map { _ in Double(Int(random.next() % 257) - 128) / 64 }
    try place.write(NPYBytes.file(shape: [7, 3, 2], values: x), to: "x.npy")
    let y = (0..<7).flatMap { sample -> [Double] in sample % 3 == 0 ? [0, 1] : [1, 0] }
    try place.write(NPYBytes.file(shape: [7, 2], values: y), to: "y.npy")
    var trial = Trial(epochs: 4)
    trial.layers = layers
    trial.train = #"{"x":"x.npy","y":"y.npy"}"#
    try place.write(trial)
    try place.lab("run", "config.json", "-q")
  }

  /// Sends the stored run as another program's, with biases of two rows where that is asked for.
  private func sendStored(twoBiases: Bool) throws -> Program.Outcome {
    let rows = try place.sqlite(
      """
      SELECT layer, tensor, rows, cols, units, coalesce(source, ''), coalesce(gate_0, ''), coalesce(gate_1, ''),
        coalesce(gate_2, ''), coalesce(gate_3, '') FROM tensor WHERE run_id = 1 ORDER BY position
      """
    ).split(separator: "\n").map { $0.split(separator: "|", omittingEmptySubsequences: false) }
    func isDoubled(_ row: [Substring]) -> Bool {
      twoBiases && row[5] == "bias" && row[2] == "1" && !row[6].isEmpty
    }
    let tensors = rows.map { row in
      let gates = row[6...].filter { !$0.isEmpty }.map { "\"\($0)\"" }.joined(separator: ",")
      let count = isDoubled(row) ? "2" : row[2]
      return
        #"{"layer":"\#(row[0])","tensor":"\#(row[1])","shape":[\#(count),\#(row[3])],"rows":\#(count),"#
        + #""cols":\#(row[3]),"gates":[\#(gates)],"source":"\#(row[5])"}"#
    }.joined(separator: ",")
    let config = try place.sqlite(
      "SELECT json_object('model', json_extract(config, '$.model'), 'training', json_extract(config, '$.training')) FROM runs"
    )
    var stream = Array(
      (#"{"labstream":1,"run":{"uuid":"11111111-2222-3333-4444-555555555555","name":"sent","trainer":"torch 2"},"#
        + #""native":\#(config),"tensors":[\#(tensors)],"slots":[\#(twoBiases ? "" : #"{"name":"momentum","tensors":"all"},{"name":"velocity","tensors":"all"}"#)]}"#
        + "\n").utf8)
    for epoch in 0...4 {
      var bytes: [UInt8] = []
      for row in rows {
        let values = try place.sqlite(
          """
          SELECT value FROM weights WHERE run_id = 1 AND epoch = \(epoch) AND layer = '\(row[0])' AND tensor = '\(row[1])'
          """
        ).split(separator: "\n").map { try #require(Float($0)) }
        let all = isDoubled(row) ? values + values.map { _ in 0 } : values
        bytes += all.flatMap { value in
          (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) }
        }
      }
      if !twoBiases {
        let slots = try place.sqlite(
          """
          SELECT hex(data) FROM recording JOIN vector ON id >= first_vector AND id < first_vector + vectors
          WHERE run_id = 1 AND epoch = \(epoch) AND part = 'optimizer' ORDER BY id
          """
        ).replacing("\n", with: "")
        bytes += stride(from: 0, to: slots.count, by: 2).map { offset in
          let start = slots.index(slots.startIndex, offsetBy: offset)
          return UInt8(slots[start...slots.index(after: start)], radix: 16) ?? 0
        }
      }
      let iterations = try place.sqlite(
        "SELECT json_extract(state, '$.iterations') FROM epoch WHERE run_id = 1 AND epoch = \(epoch)"
      )
      let line =
        #"{"epoch":\#(epoch),"iterations":\#(iterations),"slots":\#(twoBiases ? "[]" : #"["momentum","velocity"]"#),"bytes":\#(bytes.count)}"#
      stream += Array((line + "\n").utf8) + bytes
    }
    return try place.send(stream + Array("{\"end\":\"completed\"}\n".utf8))
  }

  @Test(arguments: models.indices, [false, true])
  func `predictions, gates and explanations are those of our own run with the same weights`(
    index: Int, twoBiases: Bool
  ) throws {
    try train(Self.models[index].layers)
    let outcome = try sendStored(twoBiases: twoBiases)
    #expect(outcome.status == 0, "\(outcome)")
    #expect(try place.sqlite("SELECT native IS NULL FROM run WHERE id = 2") == "0", "\(outcome)")
    for epoch in [0, 3] {
      for command in [
        ["predict", "x.npy"], ["gates", "x.npy", "--sample", "2", "--csv"],
        ["evaluate", "x.npy", "--y", "y.npy", "--csv"],
        ["gates", "x.npy", "--saturation", "--csv"],
      ] {
        let (own, sent) = try (
          place.run(command[0], "1@\(epoch)", more: Array(command.dropFirst())),
          place.run(command[0], "2@\(epoch)", more: Array(command.dropFirst()))
        )
        #expect(own.status == 0, "\(own)")
        #expect(own.output == sent.output, "\(command)")
      }
      let (own, sent) = try (
        place.lab("explain", "1@\(epoch)", "x.npy", "--sample", "1", "--json"),
        place.lab("explain", "2@\(epoch)", "x.npy", "--sample", "1", "--json")
      )
      if !twoBiases {
        #expect(own.replacing("\"run_id\":1", with: "\"run_id\":2") == sent)
      }
      #expect(sent.contains(#""target":null,"loss":null,"right":null"#), "\(sent)")
    }
    if !twoBiases {
      #expect(
        try place.sqlite("SELECT weights_hash FROM epochs WHERE run_id = 1 ORDER BY epoch")
          == place.sqlite("SELECT weights_hash FROM epochs WHERE run_id = 2 ORDER BY epoch"))
    }
  }

  @Test(arguments: [false, true])
  func `an epoch of it becomes a run of our own, which says that its path is another`(
    twoBiases: Bool
  ) throws {
    try train(Self.models[0].layers)
    _ = try sendStored(twoBiases: twoBiases)
    let refused = try place.run("resume", "2", "--from", "2")
    #expect(refused.status == 64)
    #expect(refused.errors.contains("--set data.train.x=x.npy"), "\(refused.errors)")
    let outcome = try place.run(
      "resume", "2", "--from", "2", "--epochs", "6", "--set", "data.train.x=x.npy", "--set",
      "data.train.y=y.npy", "--new-data", "-q")
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.errors.contains("is another path than"), "\(outcome.errors)")
    #expect(
      try place.sqlite("SELECT parent_run_id, parent_epoch, epochs FROM runs WHERE run_id = 3")
        == "2|2|6")
    #expect(try place.lab("verify", "3").contains("every bit is equal"))
    #expect(try place.lab("doctor").hasSuffix("Everything that is stored is as it was stored."))
  }

  @Test(arguments: [
    ["predict", "1", "x.npy"], ["evaluate", "1", "x.npy", "--y", "y.npy"],
    ["explain", "1", "x.npy"],
    [
      "resume", "1", "--from", "2", "--epochs", "6", "--set", "data.train.x=x.npy", "--set",
      "data.train.y=y.npy", "--new-data",
    ],
  ])
  func `why there is no native model is told as the trainer said it`(command: [String]) throws {
    let config = #""config":{"lr":0.01,"#
    var stream = SentTraining().bytes
    let range = try #require(stream.firstRange(of: Array(config.utf8)))
    stream.replaceSubrange(
      range, with: (config + #""no_native_model":"its loss is not known: say it","#).utf8)
    _ = try place.send(stream)
    let outcome = try place.run(command[0], command[1], more: Array(command.dropFirst(2)))
    #expect(outcome.status == 64, "\(outcome)")
    #expect(
      outcome.errors.contains("its loss is not known: say it; look at what is stored"), "\(outcome)"
    )
  }

  @Test func `a model that is not that of the tensors is left out, and that is said`() throws {
    let native =
      #""native":{"model":{"layers":[{"type":"lstm","units":5,"name":"lstm"}]},"training":{"loss":"mean_squared_error","epochs":1}}"#
    let stream = SentTraining().bytes
    let range = try #require(stream.firstRange(of: Array(#""native":null"#.utf8)))
    var changed = stream
    changed.replaceSubrange(range, with: native.utf8)
    let outcome = try place.send(changed)
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.errors.contains("recorded without a model"), "\(outcome)")
    #expect(try place.sqlite("SELECT native IS NULL FROM run") == "1")
  }
}

extension Workplace {
  /// Runs `lstm-lab` with arguments that are made up of two lists.
  fileprivate func run(_ command: String, _ run: String, more: [String]) throws -> Program.Outcome {
    try Program.run(Program.path, [command, run] + more, in: path)
  }
}
